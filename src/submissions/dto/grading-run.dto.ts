import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATES, type RunState } from '../../grading/run-state.js';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import type { Viewer } from '../../grading/visibility.js';
import type { GradingRun } from '../grading-run.entity.js';
import { type Trial, TRIALS } from '../trial.js';

const CAUSES = ['submission', 'rejudge', 'verification'] as const;

/** One attempt to grade a submission. A finished one never changes. */
export class GradingRunDto {
  /**
   * Id of the grading run (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab3"
   */
  id: string;

  /**
   * 1, 2, 3, … within the submission.
   * @example 1
   */
  number: number;

  /**
   * Why it was made: the work was handed in, or staff asked for it to be graded again.
   * @example "submission"
   */
  @ApiProperty({ enum: CAUSES })
  cause: (typeof CAUSES)[number];

  /**
   * The rejudge that it belongs to; null for the first run.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab4"
   */
  rejudgeId: string | null;

  /**
   * Where it stands.
   * @example "graded"
   */
  @ApiProperty({ enum: RUN_STATES })
  status: RunState;

  /**
   * The version of the grading document that it uses.
   * @example 1
   */
  gradingVersion: number;

  /**
   * What was decided; null until then.
   * @example "accepted"
   */
  @ApiProperty({ enum: VERDICTS, nullable: true })
  verdict: Verdict | null;

  /**
   * Points reached.
   * @example 10
   */
  score: number | null;

  /**
   * Points that could be reached.
   * @example 10
   */
  maxScore: number | null;

  /**
   * What the build wrote, cut; null where nothing was built.
   * @example "main.c:3:5: error: expected ; before return"
   */
  buildOutput: string | null;

  /**
   * Null: an ordinary run. Else it is of a dry run and not the result of the submission, unless it was `applied`. Only sent
   * to staff.
   * @example null
   */
  @ApiProperty({ enum: TRIALS, nullable: true, required: false })
  dryRun?: Trial | null;

  /**
   * Why Assay failed. Only sent to staff.
   * @example "Claimed 3 times without a result."
   */
  failure?: string | null;

  /**
   * When it was asked for.
   * @example "2026-09-13T21:04:05.678Z"
   */
  createdAt: Date;

  /**
   * When a worker took it.
   * @example "2026-09-13T21:04:05.702Z"
   */
  startedAt: Date | null;

  /**
   * When it ended.
   * @example "2026-09-13T21:04:06.123Z"
   */
  finishedAt: Date | null;

  static from(run: GradingRun, viewer: Viewer): GradingRunDto {
    return {
      id: run.id,
      number: run.number,
      cause: run.cause,
      rejudgeId: run.rejudgeId,
      status: run.status,
      gradingVersion: run.gradingVersion,
      verdict: run.verdict,
      score: run.score,
      maxScore: run.maxScore,
      buildOutput: run.buildOutput,
      ...(viewer === 'staff' ? { dryRun: run.trial, failure: run.failure } : {}),
      createdAt: run.createdAt,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
    };
  }
}
