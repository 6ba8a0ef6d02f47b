import { ManagedUserDto } from './managed-user.dto.js';

/** One page of users, newest first. */
export class UserPageDto {
  /** The users of this page. */
  items: ManagedUserDto[];

  /**
   * For `cursor` of the next request; null on the last page.
   * @example null
   */
  nextCursor: string | null;
}
