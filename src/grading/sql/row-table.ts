import { showValue, type SqlLiteral, type SqlValue } from './sql-value.js';

const MOST_COLUMNS = 12;

/** One line of a table of differences. `mark`: `-` for what is missing, `+` for what is too much, a space for neither. */
export interface MarkedRow {
  readonly mark: '-' | '+' | ' ';
  readonly row: readonly (SqlValue | SqlLiteral)[];
}

/**
 * Rows as a table of text under the names of their columns, each line after its mark. Columns beyond the twelfth are left out
 * and values cut, so that a line stays readable, and the table small.
 */
export function rowTable(columns: readonly string[], rows: readonly MarkedRow[]): string {
  const heads = columns.map((name) => showValue({ type: 'text', value: name }));
  const lines = [{ mark: ' ', cells: fitting(heads) }];
  for (const { mark, row } of rows) lines.push({ mark, cells: fitting(row.map(showValue)) });
  const count = Math.max(...lines.map(({ cells }) => cells.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...lines.map(({ cells }) => widthOf(cells[index] ?? ''))),
  );
  const written = lines.map(({ mark, cells }) => {
    const padded = cells.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)));
    return `${mark} ${padded.join(' | ')}`.trimEnd();
  });
  const [head = '', ...body] = written;
  return [head, `  ${widths.map((width) => '-'.repeat(width)).join('-+-')}`, ...body].join('\n');
}

function fitting(cells: readonly string[]): readonly string[] {
  return cells.length > MOST_COLUMNS ? [...cells.slice(0, MOST_COLUMNS), '…'] : cells;
}

function widthOf(cell: string): number {
  return Array.from(cell).length;
}

/** Rows of a result that a preview shows. */
const PREVIEW_ROWS = 50;

/** The first rows of a result, for people. */
export function resultPreview(columns: readonly string[], rows: readonly MarkedRow['row'][]): string {
  const shown = rows.slice(0, PREVIEW_ROWS).map((row) => ({ mark: ' ' as const, row }));
  const count = rows.length === 0 ? '(no rows)' : rows.length > PREVIEW_ROWS ? `… ${rows.length} rows in all` : null;
  return [rowTable(columns, shown), ...(count === null ? [] : [count])].join('\n');
}
