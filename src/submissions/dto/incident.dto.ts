import type { GradingRun } from '../grading-run.entity.js';

/** A submission that Assay could not grade: its fault, not the student's. */
export class IncidentDto {
  /**
   * Id of the grading run that was given up (UUIDv7).
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab3"
   */
  runId: string;

  /**
   * Id of the submission.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab4"
   */
  submissionId: string;

  /**
   * Id of its assignment.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  assignmentId: string;

  /**
   * @example "A cache that forgets"
   */
  assignmentTitle: string;

  /**
   * Id of whoever handed it in.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab2"
   */
  studentId: string;

  /**
   * @example "Ada Lovelace"
   */
  studentName: string;

  /**
   * Number of the attempt. It does not count against `maxAttempts`.
   * @example 3
   */
  attempt: number;

  /**
   * How often it was tried.
   * @example 3
   */
  tries: number;

  /**
   * What went wrong the last time.
   * @example "Claimed 3 times without a result: its workers died or lost it."
   */
  failure: string | null;

  /** When it was given up. */
  failedAt: Date | null;

  /** @param run with its submission, and that with its assignment and student */
  static from(run: GradingRun): IncidentDto {
    const { submission } = run;
    if (submission?.assignment === undefined || submission.student === undefined) {
      throw new Error('An incident was read without its submission, assignment or student.');
    }
    return {
      runId: run.id,
      submissionId: submission.id,
      assignmentId: submission.assignmentId,
      assignmentTitle: submission.assignment.title,
      studentId: submission.studentId,
      studentName: submission.student.name,
      attempt: submission.attempt,
      tries: run.claims,
      failure: run.failure,
      failedAt: run.finishedAt,
    };
  }
}
