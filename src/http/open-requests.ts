/** How often the locks of requests that are still under way are renewed. */
const RENEW_EVERY_MS = 1_500;

type Renew = (rowIds: readonly string[]) => Promise<void>;

/**
 * The requests with an `Idempotency-Key` that this process is at work on. As long as they last their locks are renewed, all in
 * one statement; most are over before that is ever necessary. A process that dies renews nothing.
 */
export class OpenRequests {
  /** When each began, or was last renewed. */
  private readonly open = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param renew may reject: it is tried again soon */
  constructor(private readonly renew: Renew) {}

  /** @returns says that the request is over; harmless the second time */
  add(rowId: string): () => void {
    this.open.set(rowId, performance.now());
    this.timer ??= setInterval(() => this.tick(), RENEW_EVERY_MS / 3).unref();
    return () => this.open.delete(rowId);
  }

  private tick(): void {
    if (this.open.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const now = performance.now();
    const due = [...this.open].filter(([, at]) => now - at >= RENEW_EVERY_MS).map(([rowId]) => rowId);
    if (due.length === 0) return;
    for (const rowId of due) this.open.set(rowId, now);
    // Where it fails, the next time is soon enough: a lock outlasts several.
    this.renew(due).catch(() => undefined);
  }
}
