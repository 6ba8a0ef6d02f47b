import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATES, type RunState } from '../../grading/run-state.js';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import type { ItemResult } from '../verification-results.js';

/** What a model submission must get. */
export class ExpectedResultDto {
  /**
   * Any of these verdicts is right; null: every one is.
   * @example ["wrong_answer"]
   */
  @ApiProperty({ enum: VERDICTS, isArray: true, nullable: true, type: String })
  verdicts: readonly Verdict[] | null;

  /**
   * The least score; null: any.
   * @example 40
   */
  leastScore: number | null;

  /**
   * The highest score; null: any.
   * @example 40
   */
  mostScore: number | null;

  /**
   * True: more than no points and fewer than all.
   * @example false
   */
  partial: boolean;
}

/** What a model submission got. */
export class ActualResultDto {
  /**
   * Where its grading is.
   * @example "graded"
   */
  @ApiProperty({ enum: RUN_STATES })
  status: RunState;

  /**
   * Null until it is graded.
   * @example "wrong_answer"
   */
  @ApiProperty({ enum: VERDICTS, nullable: true, type: String })
  verdict: Verdict | null;

  /**
   * Null until it is graded.
   * @example 40
   */
  score: number | null;

  /**
   * The points to be had; null until it is graded.
   * @example 100
   */
  maxScore: number | null;
}

/** One model submission in a verification. */
export class VerificationItemDto {
  /**
   * Its folder in the package, below `submissions/`.
   * @example "wrong_answer/off-by-one"
   */
  path: string;

  /**
   * Id of the submission as which it is graded, for its files and tests; null where it could not be handed in.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab3"
   */
  submissionId: string | null;

  /** What it must get. */
  expected: ExpectedResultDto;

  /** What it got; null where it could not be handed in. */
  actual: ActualResultDto | null;

  /**
   * Whether it got what it must; null until it is graded.
   * @example true
   */
  ok: boolean | null;

  /**
   * Why it could not be handed in; null otherwise.
   * @example null
   */
  refusal: string | null;

  static from({ model, run, isRight, refusal }: ItemResult): VerificationItemDto {
    return {
      path: model.path,
      submissionId: model.submissionId,
      expected: {
        verdicts: model.verdicts,
        leastScore: model.leastScore,
        mostScore: model.mostScore,
        partial: model.isPartial,
      },
      actual:
        run === null ? null : { status: run.status, verdict: run.verdict, score: run.score, maxScore: run.maxScore },
      ok: isRight,
      refusal,
    };
  }
}
