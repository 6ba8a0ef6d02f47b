/** How often it is looked whether somebody has waited for too long. */
const TICK_MS = 250;

interface Wait {
  ticksLeft: number;
  readonly giveUp: () => void;
}

/**
 * Ends waits that last too long. Time is counted in turns of the event loop: a process that was frozen, or had no CPU, finds
 * answers that came meanwhile before it gives anything up, since after a pause of any length only one turn has gone by.
 */
export class Patience {
  private readonly waits = new Set<Wait>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * Calls `giveUp` once `milliseconds` have gone by, to a quarter of a second, unless the wait has ended.
   *
   * @returns ends the wait; harmless the second time, and afterwards
   */
  begin(milliseconds: number, giveUp: () => void): () => void {
    // One more: the first tick may come at once.
    const wait = { ticksLeft: Math.ceil(milliseconds / TICK_MS) + 1, giveUp };
    this.waits.add(wait);
    this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
    return () => this.waits.delete(wait);
  }

  private tick(): void {
    // One idle tick before the clock stops: statements come one after the other.
    if (this.waits.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    for (const wait of this.waits) {
      wait.ticksLeft -= 1;
      if (wait.ticksLeft > 0) continue;
      this.waits.delete(wait);
      wait.giveUp();
    }
  }
}
