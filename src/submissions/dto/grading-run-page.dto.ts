import { GradingRunDto } from './grading-run.dto.js';

/** One page of grading runs. */
export class GradingRunPageDto {
  /** The grading runs of the submission, newest first. */
  items: GradingRunDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
