import type { Visibility } from '../grading-document.js';
import { textPreview } from '../preview.js';
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

function lineOf({ name, outcome, score, maxScore, message }: ReportedCase): string {
  const points = score === null ? '' : maxScore === null ? ` (${score})` : ` (${score} of ${maxScore})`;
  const below = message === null ? '' : `\n${message.replace(/^/gm, '    ')}`;
  return `${MARKS[outcome]}: ${name}${points}${below}`;
}
