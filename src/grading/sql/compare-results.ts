import type { MarkedRow } from './row-table.js';
import { rowTable } from './row-table.js';
import type { SqlResult } from './sql-run.js';
import {
  numberText,
  sameValue,
  sqlKey,
  type SqlComparison,
  type SqlLiteral,
  type SqlValue,
  type SqlValueType,
} from './sql-value.js';

type Cell = SqlValue | SqlLiteral;
type ExpectedRow = readonly Cell[];

/** What a result is compared with: rows of the document, or a result of the model. */
export interface ExpectedResult {
  /** Null: names are not compared. */
  readonly columns: readonly string[] | null;
  /** One for each column: what its values, but for NULL, must be. Null: not compared. */
  readonly types: readonly SqlValueType[] | null;
  /** Null: rows are not compared. */
  readonly rows: readonly ExpectedRow[] | null;
  /** False: in any order, but each as often as expected. */
  readonly isOrdered: boolean;
}

/** The first thing that differs. `table` shows rows, also expected ones; null where there are none to show. */
export interface ResultDifference {
  readonly reason: string;
  readonly table: string | null;
}

/** Rows of each kind that a table of differences shows. */
const SHOWN_ROWS = 5;
/** Comparing each with each stops being quick there; rows are then paired in the order of their numbers. */
const MOST_PAIRS = 1_000_000;
/** Then so many rows that nobody expects are passed over in one place; with more than that, rows do not match anyway. */
const MOST_SKIPPED = 200;

/**
 * What is different first between an expected result and the one that there is: the number of columns, their names, their
 * types, the rows. Null: nothing.
 *
 * Rows without an order are matched one to one. Where numbers may be off by a tolerance, each expected row takes the first
 * that is close enough, in the order of the numbers.
 */
export function resultDifference(
  expected: ExpectedResult,
  actual: SqlResult,
  comparison: SqlComparison,
): ResultDifference | null {
  return (
    columnDifference(expected, actual) ??
    typeDifference(expected, actual) ??
    (expected.rows === null ? null : rowDifference(expected.rows, expected.isOrdered, actual, comparison))
  );
}

function columnDifference({ columns, types, rows }: ExpectedResult, actual: SqlResult): ResultDifference | null {
  const count = columns?.length ?? types?.length ?? rows?.[0]?.length ?? actual.columns.length;
  if (count !== actual.columns.length) {
    return {
      reason: `The result has ${counted(actual.columns.length, 'column')} (${names(actual.columns)}), and ${count} ${count === 1 ? 'is' : 'are'} expected.`,
      table: null,
    };
  }
  for (const [index, name] of (columns ?? []).entries()) {
    const got = actual.columns[index] ?? '';
    if (got.toLowerCase() === name.toLowerCase()) continue;
    return { reason: `Column ${index + 1} is called "${cutName(got)}", not "${name}".`, table: null };
  }
  return null;
}

function typeDifference({ types }: ExpectedResult, { columns, rows }: SqlResult): ResultDifference | null {
  for (const [column, type] of (types ?? []).entries()) {
    for (const [index, row] of rows.entries()) {
      const value = row[column] ?? null;
      if (value === null || value.type === type) continue;
      const reason = `Column ${column + 1} ("${cutName(columns[column] ?? '')}") is ${value.type} in row ${index + 1}, and ${type} is expected.`;
      return { reason, table: null };
    }
  }
  return null;
}

function rowDifference(
  expected: readonly ExpectedRow[],
  isOrdered: boolean,
  actual: SqlResult,
  comparison: SqlComparison,
): ResultDifference | null {
  if (isOrdered && inOrder(expected, actual.rows, comparison)) return null;
  const { missing, unexpected } = matched(expected, actual.rows, comparison);
  const table = (rows: readonly MarkedRow[]): string => rowTable(actual.columns, rows);
  if (missing.length === 0 && unexpected.length === 0) {
    return isOrdered ? orderDifference(expected, actual, comparison) : null;
  }
  const counts =
    expected.length === actual.rows.length
      ? `${counted(missing.length, 'row')} of ${expected.length} ${missing.length === 1 ? 'is' : 'are'} not as expected`
      : `${counted(actual.rows.length, 'row')} where ${expected.length} ${expected.length === 1 ? 'is' : 'are'} expected: ${missing.length} missing, ${unexpected.length} unexpected`;
  const column = onlyDifferingColumn(missing, unexpected, comparison);
  const hint = column === null ? '' : `, in the column "${cutName(actual.columns[column] ?? '')}"`;
  const shown = [
    ...missing.slice(0, SHOWN_ROWS).map((row) => ({ mark: '-' as const, row })),
    ...unexpected.slice(0, SHOWN_ROWS).map((row) => ({ mark: '+' as const, row })),
  ];
  const more = missing.length + unexpected.length - shown.length;
  return {
    reason: `${counts}${hint}.`,
    table: `${table(shown)}\n${more > 0 ? `… and ${more} more ` : ''}(- missing, + unexpected)`,
  };
}

function inOrder(expected: readonly ExpectedRow[], actual: SqlResult['rows'], comparison: SqlComparison): boolean {
  return (
    expected.length === actual.length && expected.every((row, index) => sameRow(row, actual[index] ?? [], comparison))
  );
}

function orderDifference(
  expected: readonly ExpectedRow[],
  { columns, rows }: SqlResult,
  comparison: SqlComparison,
): ResultDifference {
  const at = expected.findIndex((row, index) => !sameRow(row, rows[index] ?? [], comparison));
  const shown: MarkedRow[] = [
    { mark: '-', row: expected[at] ?? [] },
    { mark: '+', row: rows[at] ?? [] },
  ];
  return {
    reason: `The rows are right, but not in the expected order: row ${at + 1} is the first that stands elsewhere.`,
    table: `${rowTable(columns, shown)}\n(- expected there, + found there)`,
  };
}

function matched(
  expected: readonly ExpectedRow[],
  actual: readonly (readonly SqlValue[])[],
  comparison: SqlComparison,
): { readonly missing: ExpectedRow[]; readonly unexpected: (readonly SqlValue[])[] } {
  const left = new Map<string, (readonly SqlValue[])[]>();
  for (const row of actual) {
    const key = rowKey(row, comparison);
    const same = left.get(key);
    if (same === undefined) left.set(key, [row]);
    else same.push(row);
  }
  const missing: ExpectedRow[] = [];
  for (const row of expected) {
    const same = left.get(rowKey(row, comparison));
    if (same === undefined || same.length === 0) missing.push(row);
    else same.pop();
  }
  const unexpected = [...left.values()].flat();
  return closeOnes(missing, unexpected, comparison);
}

interface Numbered<Row> {
  readonly row: Row;
  readonly numbers: readonly number[];
}

/** Pairs rows that are equal by a tolerance only, or whose numbers the document can only write as text. */
function closeOnes(
  missing: readonly ExpectedRow[],
  unexpected: readonly (readonly SqlValue[])[],
  comparison: SqlComparison,
): { readonly missing: ExpectedRow[]; readonly unexpected: (readonly SqlValue[])[] } {
  const candidates = sortedByNumbers(unexpected);
  const isQuick = missing.length * candidates.length <= MOST_PAIRS;
  const taken = new Set<readonly SqlValue[]>();
  const unmatched = new Set<ExpectedRow>();
  let from = 0;
  for (const wanted of sortedByNumbers(missing)) {
    const matches = ({ row }: Numbered<readonly SqlValue[]>): boolean => sameRow(wanted.row, row, comparison);
    let match: readonly SqlValue[] | undefined;
    if (isQuick) match = candidates.find((candidate) => !taken.has(candidate.row) && matches(candidate))?.row;
    else {
      const at = nextMatch(candidates, from, wanted.numbers, matches);
      match = candidates[at]?.row;
      if (match !== undefined) from = at + 1;
    }
    if (match === undefined) unmatched.add(wanted.row);
    else taken.add(match);
  }
  return {
    missing: missing.filter((row) => unmatched.has(row)),
    unexpected: unexpected.filter((row) => !taken.has(row)),
  };
}

/** The first that matches, up to the first that does not and comes after `numbers`; -1: none. */
function nextMatch<Row>(
  candidates: readonly Numbered<Row>[],
  from: number,
  numbers: readonly number[],
  matches: (candidate: Numbered<Row>) => boolean,
): number {
  for (let at = from; at < candidates.length && at < from + MOST_SKIPPED; at += 1) {
    const candidate = candidates[at];
    if (candidate === undefined) break;
    if (matches(candidate)) return at;
    if (compareNumbers(candidate.numbers, numbers) > 0) break;
  }
  return -1;
}

function sortedByNumbers<Row extends ExpectedRow>(rows: readonly Row[]): readonly Numbered<Row>[] {
  return rows
    .map((row) => ({ row, numbers: row.map(numberOf) }))
    .toSorted((a, b) => compareNumbers(a.numbers, b.numbers));
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, number] of a.entries()) {
    const difference = number - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** 0 for what is no number, and for those with which no order can be made. */
function numberOf(value: Cell): number {
  const number = numberText(value);
  return number !== null && Number.isFinite(Number(number)) ? Number(number) : 0;
}

function rowKey(row: ExpectedRow, { checkTypes }: SqlComparison): string {
  return JSON.stringify(
    row.map((value) => {
      const type = checkTypes && value !== null && typeof value === 'object' && 'type' in value ? `${value.type} ` : '';
      return type + sqlKey(value);
    }),
  );
}

function sameRow(expected: ExpectedRow, actual: readonly SqlValue[], comparison: SqlComparison): boolean {
  return (
    expected.length === actual.length &&
    expected.every((value, index) => sameValue(value, actual[index] ?? null, comparison))
  );
}

/** The column in which the one row that is there differs from the one that should be; null where it is not so simple. */
function onlyDifferingColumn(
  missing: readonly ExpectedRow[],
  unexpected: readonly (readonly SqlValue[])[],
  comparison: SqlComparison,
): number | null {
  const [row, ...others] = missing;
  const [got, ...more] = unexpected;
  if (row === undefined || got === undefined || others.length + more.length > 0) return null;
  const columns = row.flatMap((value, index) => (sameValue(value, got[index] ?? null, comparison) ? [] : [index]));
  return columns.length === 1 ? (columns[0] ?? null) : null;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function cutName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

function names(columns: readonly string[]): string {
  return columns.slice(0, 12).map(cutName).join(', ') + (columns.length > 12 ? ', …' : '');
}
