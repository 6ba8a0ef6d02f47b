import { OwnSessionDto } from './own-session.dto.js';

/** One page of sessions; the last renewed is first. */
export class OwnSessionPageDto {
  /** The sessions of this page. */
  items: OwnSessionDto[];

  /**
   * For `cursor` of the next request; null on the last page.
   * @example null
   */
  nextCursor: string | null;
}
