import { ApiProperty } from '@nestjs/swagger';
import type { RunState } from '../../grading/run-state.js';
import type { Rejudge } from '../rejudge.entity.js';

const STATUSES = ['running', 'finished'] as const;

/** How many runs of a rejudge stand where. */
export type RejudgeProgress = Readonly<Record<RunState, number>>;

/** Submissions that are graded again together, and how far that is. */
export class RejudgeDto {
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
   * Id of the one submission; null where all of the assignment are graded again.
   * @example null
   */
  submissionId: string | null;

  /**
   * The version of the grading document that is used: the assignment's current one when it was asked for.
   * @example 2
   */
  gradingVersion: number;

  /**
   * `running` until none of its runs is queued or running.
   * @example "running"
   */
  @ApiProperty({ enum: STATUSES })
  status: 'running' | 'finished';

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
   * @example 30
   */
  queued: number;

  /**
   * How many are being graded.
   * @example 2
   */
  running: number;

  /**
   * How many have a new result.
   * @example 10
   */
  graded: number;

  /**
   * How many could not be graded by Assay's fault; they keep their former result.
   * @example 0
   */
  failed: number;

  /**
   * How many were cancelled; they keep their former result.
   * @example 0
   */
  cancelled: number;

  /**
   * When it was asked for.
   * @example "2026-09-15T08:00:00.000Z"
   */
  createdAt: Date;

  static from(rejudge: Rejudge, progress: RejudgeProgress): RejudgeDto {
    return {
      id: rejudge.id,
      assignmentId: rejudge.assignmentId,
      submissionId: rejudge.submissionId,
      gradingVersion: rejudge.gradingVersion,
      status: progress.queued + progress.running > 0 ? 'running' : 'finished',
      total: rejudge.total,
      skipped: rejudge.skipped,
      queued: progress.queued,
      running: progress.running,
      graded: progress.graded,
      failed: progress.failed,
      cancelled: progress.cancelled,
      createdAt: rejudge.createdAt,
    };
  }
}
