import type { LintDeduction, LintTest } from '../grading-document.js';
import { fromThousandths, toThousandths } from '../thousandths.js';
import type { LintFinding } from './lint-finding.js';
import { isNamed } from './rule-pattern.js';

/** What findings come to. */
export interface FindingCost {
  /** What is left of the points. */
  readonly points: number;
  /** Nothing was taken off. */
  readonly isClean: boolean;
  /** The findings that cost something, were they alone, and those that cost nothing. */
  readonly costly: readonly LintFinding[];
  readonly noted: readonly LintFinding[];
}

/**
 * What `findings`, those of selected rules only, leave of the points of a test. Without deductions any costs all. With them, the
 * first that matches its rule says what a finding costs, held to its `max`; one that none matches costs nothing. Never less
 * than `floor` is left, unless a file could not be checked: nobody knows what is in it, so that nothing is given.
 */
export function costOfFindings(
  { points, deductions, floor }: Pick<LintTest, 'points' | 'deductions' | 'floor'>,
  findings: readonly LintFinding[],
): FindingCost {
  if (findings.some(({ isUnchecked }) => isUnchecked)) return all(findings, 0);
  if (deductions.length === 0) {
    return findings.length === 0 ? { points, isClean: true, costly: [], noted: [] } : all(findings, 0);
  }
  const counts = new Map<LintDeduction, number>();
  const costly: LintFinding[] = [];
  const noted: LintFinding[] = [];
  for (const finding of findings) {
    const deduction = deductions.find(({ match }) => isNamed([match], finding.rule));
    if (deduction !== undefined) counts.set(deduction, (counts.get(deduction) ?? 0) + 1);
    ((deduction?.points ?? 0) > 0 ? costly : noted).push(finding);
  }
  let cost = 0;
  for (const [deduction, count] of counts) {
    const reached = count * toThousandths(deduction.points);
    cost += deduction.max === null ? reached : Math.min(reached, toThousandths(deduction.max));
  }
  const left = Math.max(toThousandths(floor), toThousandths(points) - cost);
  return { points: fromThousandths(left), isClean: cost === 0, costly, noted };
}

function all(costly: readonly LintFinding[], points: number): FindingCost {
  return { points, isClean: false, costly, noted: [] };
}
