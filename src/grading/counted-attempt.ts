/** Which of a student's attempts counts for the assignment. */
export const COUNTED_ATTEMPT_RULES = ['best', 'latest'] as const;
export type CountedAttemptRule = (typeof COUNTED_ATTEMPT_RULES)[number];

/** What the rule looks at. `score` is the one that counts, after late policy and override; null: not graded. */
export interface Attempt {
  readonly attempt: number;
  readonly score: number | null;
}

/**
 * The attempt that counts, or null when none is graded. Only graded attempts are looked at: one that is waiting, failed
 * or cancelled takes nothing away from an earlier one. `best` is the highest score, and of equal ones the earliest
 * attempt, so that handing in again never moves a result; `latest` is the graded attempt with the highest number.
 */
export function countedAttempt<T extends Attempt>(rule: CountedAttemptRule, attempts: readonly T[]): T | null {
  let counted: T | null = null;
  for (const candidate of attempts) {
    if (candidate.score === null) continue;
    if (counted === null || replaces(rule, candidate, counted)) counted = candidate;
  }
  return counted;
}

function replaces(rule: CountedAttemptRule, candidate: Attempt, counted: Attempt): boolean {
  if (rule === 'latest') return candidate.attempt > counted.attempt;
  const difference = (candidate.score ?? 0) - (counted.score ?? 0);
  return difference > 0 || (difference === 0 && candidate.attempt < counted.attempt);
}
