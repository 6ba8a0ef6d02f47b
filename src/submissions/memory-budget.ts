import { DomainError } from '../errors/domain-error.js';

interface MemoryBudgetOptions {
  /** What all work together may need at a time. */
  readonly bytes: number;
  /** Work that needs no more is let in at once and not counted, so that it never waits behind large work. */
  readonly freeBytes: number;
  /** How many may wait; whoever comes then is sent away at once. */
  readonly mostWaiting: number;
}

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/** Lets work that needs much memory run as far as it fits together; what does not waits, first come, first served. */
export class MemoryBudget {
  private free: number;
  private readonly waiting: Waiting[] = [];

  constructor(private readonly options: MemoryBudgetOptions) {
    this.free = options.bytes;
  }

  /**
   * @param bytes that the work may need; counted as the whole budget where it is more
   * @throws DomainError `unavailable` (`busy`) when too many are waiting already
   */
  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (bytes <= this.options.freeBytes) return work();
    const needed = Math.min(bytes, this.options.bytes);
    await this.enter(needed);
    try {
      return await work();
    } finally {
      this.free += needed;
      this.letIn();
    }
  }

  private async enter(bytes: number): Promise<void> {
    if (this.waiting.length >= this.options.mostWaiting) {
      throw new DomainError(
        'unavailable',
        'busy',
        'Too many large submissions come in at once. Try again in a moment.',
        {
          retryAfterSeconds: 5,
        },
      );
    }
    await new Promise<void>((enter) => {
      this.waiting.push({ bytes, enter });
      this.letIn();
    });
  }

  private letIn(): void {
    for (let next = this.waiting[0]; next !== undefined && next.bytes <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.bytes;
      next.enter();
    }
  }
}
