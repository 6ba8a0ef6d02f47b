import { Injectable } from '@nestjs/common';

/** While fewer submissions are being taken in, nobody who grades waits: one or two are what a quiet minute looks like. */
const MOST_BESIDE_GRADING = 2;

/** How long grading gives way at most, each time: without a bound, a crowd that never ends would stop it. */
const PATIENCE_MS = 250;

/**
 * Lets a process that takes submissions in and grades them do the first first. A student who hands in looks at the clock; one
 * whose work waits to be graded does not notice a quarter of a second. So while several hand in at the same time, no further
 * grading run is begun, and the processors are theirs. Nothing is idle meanwhile, so all is graded as soon as it would have been.
 */
@Injectable()
export class WayForRequests {
  private underWay = 0;
  private readonly waiting = new Set<() => void>();

  /** Does what takes a submission in; resolves or rejects as it does. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
      if (this.isFree) this.letGo();
    }
  }

  /** Resolves when grading may begin something: at once while few hand in, and within a quarter of a second in any case. */
  async isClear(): Promise<void> {
    if (this.isFree) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, PATIENCE_MS);
      this.waiting.add(go);
    });
  }

  private get isFree(): boolean {
    return this.underWay <= MOST_BESIDE_GRADING;
  }

  private letGo(): void {
    for (const go of this.waiting) go();
  }
}
