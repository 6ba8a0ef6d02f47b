import { cut, REPORT_LIMITS } from './command-results/reported-case.js';
import { fromThousandths, toThousandths } from './thousandths.js';
import type { Verdict } from './verdict.js';

/** What one case of a test gave: a line of its result. */
export interface CaseResult {
  /** One line, at most 200 characters; two cases of a test may share it. */
  readonly name: string;
  readonly verdict: Verdict;
  /** Part of the points of the test. A report of the instructor's may give less than 0, or more than `maxPoints`. */
  readonly points: number;
  readonly maxPoints: number;
  /** Why the verdict, for people; null where there is nothing to say. */
  readonly message: string | null;
  /** What of it only staff see, wherever the test is seen; left out: nothing. */
  readonly hides?: CaseDisclosure;
}

/** The message, or that there is such a case. */
export const CASE_DISCLOSURES = ['message', 'case'] as const;
export type CaseDisclosure = (typeof CASE_DISCLOSURES)[number];

/** Bounds of the cases of one test, which are stored with its result and travel with its event. */
export const CASE_LIMITS = {
  cases: REPORT_LIMITS.cases,
  /** Characters of all messages of a test together. */
  messageCharacters: 65_536,
} as const;

/** What a message is cut to where those before it have used up what there is for all. */
const SCANT_CHARACTERS = 40;

/**
 * `cases` within their bounds. Messages of cases that were not accepted have the first claim on what there is, in their
 * order; the others are cut.
 */
export function boundedCases(cases: readonly CaseResult[]): readonly CaseResult[] {
  let left: number = CASE_LIMITS.messageCharacters;
  const bounded = (one: CaseResult): CaseResult => {
    if (one.message === null) return one;
    const allowed = Math.max(Math.min(REPORT_LIMITS.messageCharacters, left), SCANT_CHARACTERS);
    left -= Math.min(one.message.length, allowed);
    return { ...one, message: cut(one.message, allowed) };
  };
  const kept = cases.slice(0, CASE_LIMITS.cases);
  const failed = kept.map((one) => (one.verdict === 'accepted' ? null : bounded(one)));
  return kept.map((one, index) => failed[index] ?? bounded(one));
}

/** `points` in `count` parts that differ by a thousandth at most and add up to it. */
export function equalParts(points: number, count: number): readonly number[] {
  const whole = toThousandths(points);
  const upTo = (index: number): number => Math.round((whole * index) / count);
  return Array.from({ length: count }, (_, index) => fromThousandths(upTo(index + 1) - upTo(index)));
}
