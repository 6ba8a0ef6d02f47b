import { summariseRecoveries } from './recovery.mjs';

/**
 * @typedef {object} RowResult
 * @property {string} row its number in the list of faults
 * @property {string} what what was done
 * @property {number} rounds
 * @property {number} accepted
 * @property {number} lost
 * @property {number} doubled
 * @property {number[]} recoveries in seconds
 * @property {'held' | 'missed' | 'not run'} outcome
 * @property {string[]} why what was missed, or why it was not run
 */

const HEADINGS = [
  'row',
  'what was done',
  'rounds',
  'accepted',
  'lost',
  'double',
  'p50 s',
  'p95 s',
  'p100 s',
  'outcome',
];
/** Numbers stand at the right of their columns. */
const IS_NUMBER = [true, false, true, true, true, true, true, true, true, false];

const seconds = (value) => (Number.isFinite(value) ? value.toFixed(1) : 'never');

function cells(result) {
  const { row, what, rounds, accepted, lost, doubled, outcome } = result;
  if (outcome === 'not run') return [row, what, '–', '–', '–', '–', '–', '–', '–', outcome];
  const recovery = summariseRecoveries(result.recoveries);
  const times = recovery === null ? ['–', '–', '–'] : [recovery.p50, recovery.p95, recovery.p100].map(seconds);
  return [row, what, ...[rounds, accepted, lost, doubled].map(String), ...times, outcome];
}

/** The table that a run ends with, in Markdown, and below it what was missed or not run, and why. @param {RowResult[]} results */
export function renderTable(results) {
  const rows = [HEADINGS, ...results.map(cells)];
  const widths = HEADINGS.map((_heading, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (IS_NUMBER[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (IS_NUMBER[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  const reasons = results
    .filter(({ outcome }) => outcome !== 'held')
    .flatMap(({ row, outcome, why }) => why.map((reason) => `row ${row} ${outcome}: ${reason}`));
  return [
    line(HEADINGS),
    rule,
    ...results.map((result) => line(cells(result))),
    ...(reasons.length > 0 ? [''] : []),
    ...reasons,
  ].join('\n');
}
