/** One sign-in that still lives. */
export class OwnSessionDto {
  /**
   * UUIDv7.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * When somebody signed in.
   * @example "2026-11-30T12:00:00.000Z"
   */
  startedAt: Date;

  /**
   * When its tokens were last renewed.
   * @example "2026-11-30T14:10:00.000Z"
   */
  lastSeenAt: Date;

  /**
   * The address that it was last renewed from, as the server sees it; null where it is not known.
   * @example "192.0.2.17"
   */
  address: string | null;

  /**
   * What the program called itself; null where it did not.
   * @example "Mozilla/5.0 (X11; Linux x86_64)"
   */
  userAgent: string | null;

  /**
   * Whether this very request belongs to it.
   * @example true
   */
  current: boolean;
}
