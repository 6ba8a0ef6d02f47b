/** First in a file: spreadsheet programs take UTF-8 for another encoding without it. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * At the beginning of a line: what a spreadsheet may take for a formula, also behind blanks, invisible characters and the
 * apostrophes that this file puts there, and also in full width.
 */
const FORMULA = String.raw`['\s\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|'*[\t\r]`;
const BEFORE_FORMULA = new RegExp(`^(?=${FORMULA})`, 'gmu');
const MARKED_FORMULA = new RegExp(`^'(?=${FORMULA})`, 'gmu');

/**
 * A text that no spreadsheet takes for a formula: an apostrophe stands before each line that begins like one. `-5 points`
 * becomes `'-5 points`; numbers never come here.
 */
export function inertText(text: string): string {
  return text.replace(BEFORE_FORMULA, "'");
}

/** The text that `inertText` made inert. */
export function textOfInert(inert: string): string {
  return inert.replace(MARKED_FORMULA, '');
}

/**
 * One record of a CSV file (RFC 4180), with its line end. Texts are quoted always, since a semicolon separates cells in
 * some countries; numbers stand as they are, null is an empty cell.
 */
export function csvRecord(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : `"${inertText(cell).replaceAll('"', '""')}"`;
}
