import { fromThousandths, scale, toThousandths } from './thousandths.js';

/** What handing in late costs: nothing, or `perDay` percent of the score for each day begun, `max` percent at most. */
export type LatePolicy =
  { readonly kind: 'none' } | { readonly kind: 'percent'; readonly perDay: number; readonly max: number };

/** When a submission was received and what it is measured against. */
export interface Lateness {
  readonly submittedAt: Date;
  readonly dueAt: Date | null;
  readonly policy: LatePolicy;
}

const DAY_MS = 86_400_000;
const HUNDRED_PERCENT = 100_000;

/** True when `submittedAt` is after `dueAt`; in its very millisecond is still in time. Without `dueAt` nothing is late. */
export function isLate(submittedAt: Date, dueAt: Date | null): boolean {
  return dueAt !== null && submittedAt.getTime() > dueAt.getTime();
}

/**
 * `score` less what the policy takes: each day of 24 hours that was begun after `dueAt` costs `perDay` percent of the
 * score, all together at most `max` percent and never more than the score. Rounded to thousandths, halves up.
 */
export function scoreAfterLatePolicy(score: number, { submittedAt, dueAt, policy }: Lateness): number {
  if (policy.kind === 'none' || dueAt === null || !isLate(submittedAt, dueAt)) return score;
  const daysBegun = Math.ceil((submittedAt.getTime() - dueAt.getTime()) / DAY_MS);
  const deduction = Math.min(toThousandths(policy.perDay) * daysBegun, toThousandths(policy.max), HUNDRED_PERCENT);
  return fromThousandths(scale(toThousandths(score), HUNDRED_PERCENT - deduction, HUNDRED_PERCENT));
}
