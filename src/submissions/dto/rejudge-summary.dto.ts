import type { RejudgeSummary } from '../rejudge-counts.js';

/** How many new results stand how to the former ones. Scores are those before the late policy and before what staff set. */
export class RejudgeSummaryDto {
  /**
   * Not graded yet.
   * @example 0
   */
  pending: number;

  /**
   * Verdict, score and points to be had are as they were.
   * @example 30
   */
  unchanged: number;

  /**
   * A higher score, or a score where there was none.
   * @example 10
   */
  better: number;

  /**
   * A lower score.
   * @example 1
   */
  worse: number;

  /**
   * The same score, with another verdict or of another number of points.
   * @example 0
   */
  sameScore: number;

  /**
   * Could not be graded by Assay's fault. Never applied.
   * @example 1
   */
  failed: number;

  /**
   * Cancelled before there was a result.
   * @example 0
   */
  cancelled: number;

  static from({ same_score: sameScore, ...others }: RejudgeSummary): RejudgeSummaryDto {
    const { pending, unchanged, better, worse, failed, cancelled } = others;
    return { pending, unchanged, better, worse, sameScore, failed, cancelled };
  }
}
