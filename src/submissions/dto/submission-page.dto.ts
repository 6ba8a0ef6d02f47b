import { SubmissionSummaryDto } from './submission-summary.dto.js';

/** One page of submissions. */
export class SubmissionPageDto {
  /** The submissions, newest first, without their tests. */
  items: SubmissionSummaryDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
