import type { Verdict } from '../grading/verdict.js';

/** What a submission may have come to, to be graded again. */
export const REJUDGED_STATUSES = ['graded', 'failed', 'cancelled'] as const;
export type RejudgedStatus = (typeof REJUDGED_STATUSES)[number];

/** What is taken where nobody says otherwise: who took work back did not want it graded. */
export const USUAL_STATUSES: readonly RejudgedStatus[] = ['graded', 'failed'];

/** Which submissions to an assignment are graded again. All that is named must hold; instants are RFC 3339. */
export interface RejudgeFilter {
  readonly verdicts?: readonly Verdict[];
  readonly statuses?: readonly RejudgedStatus[];
  readonly studentIds?: readonly string[];
  readonly gradingVersions?: readonly number[];
  readonly outdatedOnly?: boolean;
  /** Inclusive, as is the next. */
  readonly submittedAfter?: string;
  readonly submittedBefore?: string;
  readonly countedOnly?: boolean;
}
