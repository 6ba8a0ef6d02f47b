import { RejudgeDifferenceDto } from './rejudge-difference.dto.js';

/** One page of the differences that a rejudge makes. */
export class RejudgeDifferencePageDto {
  /** The submissions, oldest first. */
  items: RejudgeDifferenceDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
