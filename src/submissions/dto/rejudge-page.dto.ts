import { RejudgeHeadDto } from './rejudge-head.dto.js';

/** One page of the rejudges of an assignment. */
export class RejudgePageDto {
  /** The rejudges, newest first, without their summaries. */
  items: RejudgeHeadDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
