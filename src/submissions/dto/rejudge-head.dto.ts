import { ApiProperty } from '@nestjs/swagger';
import type { RejudgeProgress } from '../rejudge-counts.js';
import {
  REJUDGE_MODES,
  REJUDGE_STATUSES,
  type RejudgeMode,
  rejudgeStatus,
  type RejudgeStatus,
} from '../rejudge-stage.js';
import type { Rejudge } from '../rejudge.entity.js';
import { RejudgeFilterDto } from './rejudge-filter.dto.js';

/** Submissions that are graded again together, as lists show it. */
export class RejudgeHeadDto {
  /**
   * Id of the rejudge (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab4"
   */
  id: string;

  /**
   * Id of the assignment.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  assignmentId: string;

  /**
   * Id of the one submission; null where several of the assignment are graded again.
   * @example null
   */
  submissionId: string | null;

  /**
   * The version of the grading document that is used: the assignment's current one when it was asked for.
   * @example 2
   */
  gradingVersion: number;

  /**
   * `apply`: each new result replaces the former one as soon as it is there. `dry_run`: it is only compared, until somebody
   * has it applied or discarded.
   * @example "dry_run"
   */
  @ApiProperty({ enum: REJUDGE_MODES })
  mode: RejudgeMode;

  /** Which submissions were asked for; null: all that were graded or had failed. */
  filter: RejudgeFilterDto | null;

  /**
   * `preparing`: its submissions are still gathered, so that all counts grow. `running`: some wait or are being graded. Then
   * `finished`, or, with a dry run, `ready`: it can be applied or discarded. `applying` and `applied`: the new results become,
   * or are, the submissions' results. `discarding` and `discarded`: they never will.
   * @example "ready"
   */
  @ApiProperty({ enum: REJUDGE_STATUSES })
  status: RejudgeStatus;

  /**
   * How many submissions are graded again.
   * @example 42
   */
  total: number;

  /**
   * Submissions left out because they were waiting or being graded at that moment.
   * @example 1
   */
  skipped: number;

  /**
   * How many wait.
   * @example 0
   */
  queued: number;

  /**
   * How many are being graded.
   * @example 0
   */
  running: number;

  /**
   * How many have a new result.
   * @example 41
   */
  graded: number;

  /**
   * How many could not be graded by Assay's fault; they keep their former result.
   * @example 1
   */
  failed: number;

  /**
   * How many were cancelled; they keep their former result.
   * @example 0
   */
  cancelled: number;

  /**
   * Id of the user who asked for it.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  createdById: string;

  /**
   * When it was asked for.
   * @example "2026-09-15T08:00:00.000Z"
   */
  createdAt: Date;

  /**
   * Id of the user who had a dry run applied or discarded; null until then.
   * @example null
   */
  decidedById: string | null;

  /**
   * When that was; null until then.
   * @example null
   */
  decidedAt: Date | null;

  static headOf(rejudge: Rejudge, progress: RejudgeProgress): RejudgeHeadDto {
    return {
      id: rejudge.id,
      assignmentId: rejudge.assignmentId,
      submissionId: rejudge.submissionId,
      gradingVersion: rejudge.gradingVersion,
      mode: rejudge.mode ?? 'apply',
      filter: rejudge.filter === null ? null : RejudgeFilterDto.from(rejudge.filter),
      status: rejudgeStatus(rejudge.mode, rejudge.stage, progress.queued + progress.running),
      total: rejudge.total,
      skipped: rejudge.skipped,
      queued: progress.queued,
      running: progress.running,
      graded: progress.graded,
      failed: progress.failed,
      cancelled: progress.cancelled,
      createdById: rejudge.createdById,
      createdAt: rejudge.createdAt,
      decidedById: rejudge.decidedById,
      decidedAt: rejudge.decidedAt,
    };
  }
}
