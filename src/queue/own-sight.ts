/**
 * Whether this process may take a lease that is over for the sign of a dead worker. Not for a while after it has not seen the
 * database itself: what kept it from looking, a database that was away or frozen, a machine that slept, its own event loop,
 * may have kept the workers from prolonging. They are then given a whole lease, as if it began when both can see again.
 */
export class OwnSight {
  private sawAt: number | undefined;
  private judgesFrom = -Infinity;

  /**
   * @param leaseMs how long a lease lasts
   * @param lookEveryMs how often `look` is called while all is well
   */
  constructor(
    private readonly leaseMs: number,
    private readonly lookEveryMs: number,
  ) {}

  /**
   * The database has just answered. Whether what it tells of ended leases may be believed.
   *
   * @param nowMs of a clock that nobody sets
   */
  look(nowMs: number): boolean {
    const mostMs = this.lookEveryMs + this.leaseMs / 2;
    if (this.sawAt !== undefined && nowMs - this.sawAt > mostMs) this.judgesFrom = nowMs + this.leaseMs;
    this.sawAt = nowMs;
    return nowMs >= this.judgesFrom;
  }
}
