import type { RejudgeCounts } from '../rejudge-counts.js';
import type { Rejudge } from '../rejudge.entity.js';
import { RejudgeHeadDto } from './rejudge-head.dto.js';
import { RejudgeSummaryDto } from './rejudge-summary.dto.js';

/** Submissions that are graded again together, how far that is, and what it changes. */
export class RejudgeDto extends RejudgeHeadDto {
  /** How the new results stand to the former ones; null for a rejudge of a version of Assay that did not keep that. */
  summary: RejudgeSummaryDto | null;

  /**
   * With a dry run: new results that are now those of their submissions.
   * @example 0
   */
  applied: number;

  /**
   * With a dry run that was applied: new results that were left out, since the submission had been given another one in the
   * meantime.
   * @example 0
   */
  overtaken: number;

  static from(rejudge: Rejudge, { progress, summary, trials }: RejudgeCounts): RejudgeDto {
    const head: { [Field in keyof RejudgeHeadDto]: RejudgeHeadDto[Field] } = RejudgeHeadDto.headOf(rejudge, progress);
    return {
      ...head,
      summary: summary === null ? null : RejudgeSummaryDto.from(summary),
      applied: trials.applied,
      overtaken: trials.overtaken,
    };
  }
}
