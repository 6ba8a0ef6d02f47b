/** Lets one loop sleep until somebody rings, or the signal fires. A ring while nobody sleeps is remembered. */
export class Wakeup {
  private hasRung = false;
  private awake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ring(), { once: true });
    if (signal.aborted) this.hasRung = true;
  }

  ring(): void {
    this.hasRung = true;
    this.awake?.();
  }

  async wait(): Promise<void> {
    if (!this.hasRung) {
      await new Promise<void>((resolve) => {
        this.awake = resolve;
      });
    }
    this.hasRung = false;
    this.awake = undefined;
  }
}
