import { ApiProperty } from '@nestjs/swagger';
import { isTerminal, RUN_STATES, type RunState } from '../../grading/run-state.js';
import { VERDICTS, type Verdict } from '../../grading/verdict.js';
import type { Submission } from '../submission.entity.js';

/** A submission as lists show it: without its tests. */
export class SubmissionSummaryDto {
  /**
   * Id of the submission (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  id: string;

  /**
   * Id of the assignment.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab1"
   */
  assignmentId: string;

  /**
   * Id of whoever handed it in.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  studentId: string;

  /**
   * 1, 2, 3, … of this student on this assignment.
   * @example 1
   */
  attempt: number;

  /**
   * False for what staff hand in to try an assignment: it counts in no gradebook.
   * @example true
   */
  counts: boolean;

  /**
   * The runtime that it is graded with.
   * @example "python"
   */
  runtime: string;

  /**
   * `queued` and `running` end in one of the others. `failed`: Assay was at fault, not the student; no attempt is spent.
   * `cancelled`: taken back; no attempt is spent.
   * @example "graded"
   */
  @ApiProperty({ enum: RUN_STATES })
  status: RunState;

  /**
   * What was decided; null until then. `accepted` when all tests are, else the verdict of the first that is not.
   * @example "accepted"
   */
  @ApiProperty({ enum: VERDICTS, nullable: true })
  verdict: Verdict | null;

  /**
   * Points reached, before late policy and `override`; null until it is graded, and when it failed.
   * @example 10
   */
  score: number | null;

  /**
   * Points that could be reached; null until it is graded.
   * @example 10
   */
  maxScore: number | null;

  /**
   * Received after `dueAt`, by the database's clock.
   * @example false
   */
  late: boolean;

  /**
   * The version of the grading document that it is, or was, graded by.
   * @example 1
   */
  gradingVersion: number;

  /**
   * When it was received.
   * @example "2026-09-13T21:04:05.678Z"
   */
  submittedAt: Date;

  /**
   * When its grading began.
   * @example "2026-09-13T21:04:05.702Z"
   */
  startedAt: Date | null;

  /**
   * When its grading ended with a result.
   * @example "2026-09-13T21:04:06.123Z"
   */
  gradedAt: Date | null;

  /**
   * The newer submission of the same student because of which this one was cancelled while it waited, where the assignment says
   * so; null otherwise.
   * @example null
   */
  @ApiProperty({ type: String, nullable: true })
  supersededById: string | null;

  static from(submission: Submission): SubmissionSummaryDto {
    // While it is graded again the row still holds the former result, for the gradebook: it is not the result of this run.
    const isOver = isTerminal(submission.status);
    const isGraded = submission.status === 'graded';
    return {
      id: submission.id,
      assignmentId: submission.assignmentId,
      studentId: submission.studentId,
      attempt: submission.attempt,
      counts: submission.counts,
      runtime: submission.runtime,
      status: submission.status,
      verdict: isOver ? submission.verdict : null,
      score: isGraded ? submission.score : null,
      maxScore: isGraded ? submission.maxScore : null,
      late: submission.late,
      gradingVersion: submission.gradingVersion,
      submittedAt: submission.submittedAt,
      startedAt: submission.startedAt,
      gradedAt: isGraded ? submission.gradedAt : null,
      // One that staff have graded all the same has a result again.
      supersededById: submission.status === 'cancelled' ? submission.supersededById : null,
    };
  }
}
