import { DomainError } from '../errors/domain-error.js';

interface TurnstileOptions {
  /** How many may work at a time. */
  readonly places: number;
  /** How many may wait beside them; whoever comes then is sent away at once. */
  readonly mostWaiting: number;
}

/** Lets a few pieces of expensive work run at a time and a bounded number wait, first come, first served. */
export class Turnstile {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: TurnstileOptions) {
    this.free = options.places;
  }

  /** @throws DomainError `unavailable` (`busy`) when too many are waiting already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    if (this.waiting.length >= this.options.mostWaiting) {
      throw new DomainError('unavailable', 'busy', 'Too many sign in at once just now. Try again in a moment.', {
        retryAfterSeconds: 2,
      });
    }
    // Whoever leaves hands its place over, so that nobody can slip in between.
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
