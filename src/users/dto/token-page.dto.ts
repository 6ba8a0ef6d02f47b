import { TokenDto } from './token.dto.js';

/** One page of personal access tokens, newest first. */
export class TokenPageDto {
  /** The tokens of this page. */
  items: TokenDto[];

  /**
   * For `cursor` of the next request; null on the last page.
   * @example null
   */
  nextCursor: string | null;
}
