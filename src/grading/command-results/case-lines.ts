import { type CaseResult, equalParts } from '../case-results.js';
import type { Visibility } from '../grading-document.js';
import { textPreview } from '../preview.js';
import { fromThousandths } from '../thousandths.js';
import type { Verdict } from '../verdict.js';
import type { CaseVisibility, CommandReport, ReportedCase } from './reported-case.js';

/** What a results file may show where the message of a test is shown; more in tests that only staff see into. */
const SHOWN: Readonly<Record<Visibility, readonly CaseVisibility[]>> = {
  visible: ['visible'],
  'after-due': ['visible', 'after_due_date'],
  hidden: ['visible', 'after_due_date', 'after_published', 'hidden'],
  secret: ['visible', 'after_due_date', 'after_published', 'hidden'],
};

const MARKS: Readonly<Record<ReportedCase['outcome'], string>> = {
  failed: 'failed',
  passed: 'passed',
  ignored: 'noted',
};

const VERDICTS: Readonly<Record<ReportedCase['outcome'], Verdict>> = {
  failed: 'wrong_answer',
  passed: 'accepted',
  ignored: 'skipped',
};

/** Whether what a report marks so may stand in the message or the output of a test with `visibility`. */
export function mayStand(marked: CaseVisibility, visibility: Visibility): boolean {
  return SHOWN[visibility].includes(marked);
}

/**
 * What a command reported, for the people who see a test with `visibility`: the remark, how many cases passed, and a line
 * for each case with its message below it, those that failed first, so that they are there when the rest is cut. Cases that
 * the report keeps from these people are neither listed nor counted.
 */
export function caseLines({ cases, remark }: CommandReport, visibility: Visibility): string {
  const shown = cases.filter((one) => mayStand(one.visibility, visibility));
  const counted = shown.filter((one) => one.outcome !== 'ignored');
  const passed = counted.filter((one) => one.outcome === 'passed').length;
  const ordered = (['failed', 'passed', 'ignored'] as const).flatMap((outcome) =>
    shown.filter((one) => one.outcome === outcome),
  );
  const lines = [
    ...(remark === null ? [] : [remark]),
    ...(counted.length === 0 ? [] : [`${passed} of ${counted.length} cases passed.`]),
    ...ordered.map(lineOf),
  ];
  return textPreview(new TextEncoder().encode(lines.join('\n')));
}

/**
 * The same cases as `caseLines` lists, in their order, with their part of the test's `points`: what the report gives them where
 * it gives scores, else equal parts for all that count, and nothing where the report as a whole gives nothing.
 */
export function caseResults(
  { cases, scale, expected, share }: CommandReport,
  visibility: Visibility,
  points: number,
): readonly CaseResult[] {
  const counted = cases.filter((one) => one.outcome !== 'ignored');
  const parts = equalParts(points, expected);
  return cases.flatMap((one): CaseResult[] => {
    if (!mayStand(one.visibility, visibility)) return [];
    const part = scale === null ? (parts[counted.indexOf(one)] ?? 0) : scaled(one.maxScore, scale);
    const given = scale === null ? (one.outcome === 'passed' && share > 0 ? part : 0) : scaled(one.score, scale);
    return [{ name: one.name, verdict: VERDICTS[one.outcome], points: given, maxPoints: part, message: one.message }];
  });
}

function scaled(score: number | null, scale: number): number {
  return fromThousandths(Math.round((score ?? 0) * scale * 1000));
}

function lineOf({ name, outcome, score, maxScore, message }: ReportedCase): string {
  const points = score === null ? '' : maxScore === null ? ` (${score})` : ` (${score} of ${maxScore})`;
  const below = message === null ? '' : `\n${message.replace(/^/gm, '    ')}`;
  return `${MARKS[outcome]}: ${name}${points}${below}`;
}
