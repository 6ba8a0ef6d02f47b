import type { Assignment } from '../assignments/assignment.entity.js';
import { scoreAfterLatePolicy } from '../grading/late-policy.js';
import type { Submission } from './submission.entity.js';

/** The score that counts: what staff set, as it is, or else what grading gave, less what the late policy takes by now. */
export function countingScore(
  { dueAt, latePolicy: policy }: Pick<Assignment, 'dueAt' | 'latePolicy'>,
  { score, submittedAt, overrideScore }: Pick<Submission, 'score' | 'submittedAt' | 'overrideScore'>,
): number | null {
  if (overrideScore !== null) return overrideScore;
  return score === null ? null : scoreAfterLatePolicy(score, { submittedAt, dueAt, policy });
}
