import { MemberDto } from './member.dto.js';

/** One page of members. */
export class MemberPageDto {
  /** The members; who came last is first. */
  items: MemberDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
