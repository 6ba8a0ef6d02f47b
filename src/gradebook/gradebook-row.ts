import type { Assignment } from '../assignments/assignment.entity.js';
import { countedAttempt } from '../grading/counted-attempt.js';
import { isLate } from '../grading/late-policy.js';
import { fromThousandths, toThousandths } from '../grading/thousandths.js';
import { countingScore } from '../submissions/counting-score.js';
import type { Submission } from '../submissions/submission.entity.js';

/** What the gradebook needs to know of an assignment. */
export type GradebookAssignment = Pick<
  Assignment,
  'id' | 'slug' | 'title' | 'maxPoints' | 'dueAt' | 'latePolicy' | 'countedAttempt'
>;

/** What it needs to know of a submission. */
export type GradebookSubmission = Pick<
  Submission,
  'id' | 'assignmentId' | 'studentId' | 'attempt' | 'score' | 'maxScore' | 'submittedAt' | 'overrideScore'
>;

/** What one assignment gave one student. All but the first two is null or false where nothing counts yet. */
export interface GradebookCell {
  readonly assignmentId: string;
  readonly maxScore: number;
  readonly submissionId: string | null;
  readonly attempt: number | null;
  readonly submittedAt: Date | null;
  readonly late: boolean;
  /** What grading gave, before the late policy and whatever staff set. */
  readonly computedScore: number | null;
  readonly overridden: boolean;
  /** The score that counts. */
  readonly score: number | null;
}

export interface GradebookTotal {
  readonly score: number;
  readonly maxScore: number;
}

/** A student's row: one cell for each assignment, in the order of the assignments. */
export interface GradebookRow {
  readonly cells: readonly GradebookCell[];
  readonly total: GradebookTotal;
}

/**
 * Makes the row of the student whose submissions these are. Of each assignment its own rule says which attempt counts. The
 * late policy is applied by the dates as they are now, so that a deadline which was moved counts; a score that staff set
 * stands as it is. What is not graded adds nothing to the score, but its points are to be had all the same.
 */
export function gradebookRow(
  assignments: readonly GradebookAssignment[],
  submissions: readonly GradebookSubmission[],
): GradebookRow {
  const cells = assignments.map((assignment) =>
    cellOf(
      assignment,
      submissions.filter((submission) => submission.assignmentId === assignment.id),
    ),
  );
  return {
    cells,
    total: { score: sum(cells.map(({ score }) => score ?? 0)), maxScore: sum(cells.map(({ maxScore }) => maxScore)) },
  };
}

function cellOf(assignment: GradebookAssignment, submissions: readonly GradebookSubmission[]): GradebookCell {
  const counted = countedAttempt(
    assignment.countedAttempt,
    submissions.map((submission) => ({
      submission,
      attempt: submission.attempt,
      score: countingScore(assignment, submission),
    })),
  );
  if (counted === null) {
    return {
      assignmentId: assignment.id,
      maxScore: assignment.maxPoints,
      submissionId: null,
      attempt: null,
      submittedAt: null,
      late: false,
      computedScore: null,
      overridden: false,
      score: null,
    };
  }
  const { submission, score } = counted;
  return {
    assignmentId: assignment.id,
    // Of the grading version that it was graded by: points that were added since could not be had.
    maxScore: submission.maxScore ?? assignment.maxPoints,
    submissionId: submission.id,
    attempt: submission.attempt,
    submittedAt: submission.submittedAt,
    late: isLate(submission.submittedAt, assignment.dueAt),
    computedScore: submission.score,
    overridden: submission.overrideScore !== null,
    score,
  };
}

function sum(points: readonly number[]): number {
  return fromThousandths(points.reduce((total, value) => total + toThousandths(value), 0));
}
