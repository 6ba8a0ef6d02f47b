import type { WaitEstimate } from './wait-estimates.js';

/** How soon a new position is told, at the front of the line; further back, where it matters less, a tenth of a second for each. */
const LEAST_PAUSE_MS = 2_000;
const PAUSE_PER_POSITION_MS = 100;
const MOST_PAUSE_MS = 30_000;

/**
 * Pause until the position of one who waits is looked at again, in milliseconds.
 *
 * @param position null: it is not known
 */
export function pauseAt(position: number | null): number {
  return Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, (position ?? 0) * PAUSE_PER_POSITION_MS));
}

/**
 * Finds out for one who watches a waiting submission when its place in the line has changed. Asks from time to time only: of
 * two thousand who wait and watch, some seventy ask within a second.
 */
export class PlaceNews {
  private timer: NodeJS.Timeout | undefined;
  private isDue = false;
  private position: number | null;

  /**
   * @param told what the watcher knows
   * @param ask where the run stands; null where it does not wait
   * @param ring called when it is time to ask; `take` then does
   */
  constructor(
    told: WaitEstimate | null,
    private readonly ask: () => Promise<WaitEstimate | null>,
    private readonly ring: () => void,
  ) {
    this.position = told?.position ?? null;
    this.schedule();
  }

  /** Where the run stands, if it is time to ask and that is news; else null. */
  async take(): Promise<WaitEstimate | null> {
    if (!this.isDue) return null;
    this.isDue = false;
    try {
      const place = await this.ask();
      if (place === null || place.position === this.position) return null;
      this.position = place.position;
      return place;
    } catch {
      // Where one stands is not worth a stream: a database that is away is asked again next time.
      return null;
    } finally {
      this.schedule();
    }
  }

  /** Nothing more is wanted. Harmless the second time. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isDue = true;
      this.ring();
    }, pauseAt(this.position));
    this.timer.unref();
  }
}
