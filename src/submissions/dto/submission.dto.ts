import { withVersion } from '../../http/entity-tag.js';
import type { PresentedTestResult } from '../../grading/visibility.js';
import type { ScoreOverride } from '../score-override.entity.js';
import type { Submission } from '../submission.entity.js';
import { QueuePositionDto } from './queue-position.dto.js';
import { SubmissionOverrideDto } from './submission-override.dto.js';
import { SubmissionSummaryDto } from './submission-summary.dto.js';
import { SubmissionTestDto } from './submission-test.dto.js';

/** What else there is to a submission than its row. */
export interface SubmissionDetails {
  readonly tests: readonly PresentedTestResult[];
  readonly buildOutput: string | null;
  readonly override: ScoreOverride | null;
  readonly queue: QueuePositionDto | null;
}

const NOTHING_YET: SubmissionDetails = { tests: [], buildOutput: null, override: null, queue: null };

/** A submission with what its tests gave, as far as the caller may see it. */
export class SubmissionDto extends SubmissionSummaryDto {
  /**
   * What each test gave, in the order of the grading document; empty until it is graded. Of a `failed` one those that were judged
   * before Assay failed, `judge_error` and `skipped` after them, if any. Secret tests are not listed.
   */
  tests: SubmissionTestDto[];

  /**
   * What the build wrote, such as the compiler's messages, cut; null where nothing was built.
   * @example "main.c:3:5: error: expected ; before return"
   */
  buildOutput: string | null;

  /** The score that staff set in place of `score`, and why; null where they did not. */
  override: SubmissionOverrideDto | null;

  /** Where it stands while it is `queued`; null otherwise, and in the answer to handing it in. */
  queue: QueuePositionDto | null;

  static override from(submission: Submission, details: SubmissionDetails = NOTHING_YET): SubmissionDto {
    const summary: { [Field in keyof SubmissionSummaryDto]: SubmissionSummaryDto[Field] } =
      SubmissionSummaryDto.from(submission);
    const dto: SubmissionDto = {
      ...summary,
      tests: details.tests.map((test) => SubmissionTestDto.from(test)),
      buildOutput: details.buildOutput,
      override: details.override === null ? null : SubmissionOverrideDto.from(details.override),
      queue: details.queue,
    };
    return withVersion(dto, submission.version);
  }
}
