/** What a value can be, whatever an engine calls its types. Dates and the like are text, as the engine writes them. */
export const SQL_VALUE_TYPES = ['integer', 'decimal', 'real', 'text', 'blob', 'boolean'] as const;
export type SqlValueType = (typeof SQL_VALUE_TYPES)[number];

/**
 * One value of a row; null is NULL. Integers and decimals are exact, in decimal digits; bytes are in hexadecimal digits, in
 * lower case.
 */
export type SqlValue =
  | null
  | { readonly type: 'integer' | 'decimal' | 'text' | 'blob'; readonly value: string }
  | { readonly type: 'real'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean };

/** A value as a grading document writes it: `{hex: "00ff"}` is bytes. */
export type SqlLiteral = null | boolean | number | string | { readonly hex: string };

/** As `FloatTolerance` of a grading document. */
interface Tolerance {
  readonly absolute: number | null;
  readonly relative: number | null;
}

/** How values are compared. */
export interface SqlComparison {
  /** Null: real numbers may be off by `DEFAULT_RELATIVE`, all others not at all. */
  readonly floatTolerance: Tolerance | null;
  /** True: values that are equal must also be of one type, such as 1 and 1.0 are not. */
  readonly checkTypes: boolean;
}

/** Sums of real numbers depend on the order of the rows: that much is no difference. */
export const DEFAULT_RELATIVE = 1e-9;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Digits without a point and the power of ten that they are to be multiplied by; null for what is no decimal number. */
interface Exact {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function exactOf(text: string): Exact | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return { isNegative: false, digits: '', exponent: 0 };
  return {
    isNegative: sign === '-',
    digits: trimmed,
    exponent: Number(exponent) - fraction.length + digits.length - trimmed.length,
  };
}

/** The number in one way of writing, so that equal numbers are equal texts; null for what is none. */
export function canonicalNumber(text: string): string | null {
  const exact = exactOf(text);
  if (exact === null) return null;
  return `${exact.isNegative ? '-' : ''}${exact.digits}e${exact.exponent}`;
}

/** The text of a literal or a value that is a number; null for all others. */
export function numberText(value: SqlValue | SqlLiteral): string | null {
  if (typeof value === 'number') return String(value);
  if (value === null || typeof value !== 'object' || 'hex' in value) return null;
  if (value.type === 'integer' || value.type === 'decimal') return value.value;
  return value.type === 'real' ? String(value.value) : null;
}

/** What is the same for values that are equal, as far as no tolerance is needed to tell, and no number is written as text. */
export function sqlKey(value: SqlValue | SqlLiteral): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'n1e0' : 'n';
  if (typeof value === 'string') return `t${value}`;
  if (typeof value === 'object') {
    if ('hex' in value) return `b${value.hex.toLowerCase()}`;
    if (value.type === 'text') return `t${value.value}`;
    if (value.type === 'blob') return `b${value.value}`;
    if (value.type === 'boolean') return value.value ? 'n1e0' : 'n';
  }
  const text = numberText(value) ?? '';
  return `n${canonicalNumber(text) ?? text}`.replace(/^ne0$/, 'n');
}

/**
 * Whether what an engine gave is what is expected, by a document or as another run gave it.
 *
 * NULL equals NULL only. Numbers are compared as numbers, integers and decimals exactly, however many digits they have; where
 * one of the two is real, a relative difference of `DEFAULT_RELATIVE` is none; a `floatTolerance` holds for all of them in
 * place of that. True and false equal 1 and 0, since two of the engines have no other. A text of the document equals a number
 * of the engine when it writes that number: JSON has no long numbers. Texts and bytes are the same or not.
 */
export function sameValue(expected: SqlValue | SqlLiteral, actual: SqlValue, comparison: SqlComparison): boolean {
  if (comparison.checkTypes && !sameType(expected, actual)) return false;
  if (sqlKey(expected) === sqlKey(actual)) return true;
  const a = typeof expected === 'string' ? (numberText(actual) === null ? null : expected) : numberText(expected);
  const s = numberText(actual);
  if (a === null || s === null) return false;
  if (typeof expected === 'string' && canonicalNumber(a) === canonicalNumber(s)) return canonicalNumber(a) !== null;
  return closeEnough(a, s, isReal(expected) || isReal(actual), comparison.floatTolerance);
}

function closeEnough(a: string, s: string, isAnyReal: boolean, tolerance: Tolerance | null): boolean {
  const [wanted, got] = [Number(a), Number(s)];
  if (!Number.isFinite(wanted) || !Number.isFinite(got)) return Object.is(wanted, got);
  const distance = Math.abs(got - wanted);
  if (tolerance === null) return isAnyReal && distance <= DEFAULT_RELATIVE * Math.abs(wanted);
  if (tolerance.absolute !== null && distance <= tolerance.absolute) return true;
  return tolerance.relative !== null && distance <= tolerance.relative * Math.abs(wanted);
}

function isReal(value: SqlValue | SqlLiteral): boolean {
  return value !== null && typeof value === 'object' && 'type' in value && value.type === 'real';
}

function sameType(expected: SqlValue | SqlLiteral, actual: SqlValue): boolean {
  if (expected === null || actual === null || typeof expected !== 'object' || 'hex' in expected) return true;
  return expected.type === actual.type;
}

const MOST_CHARACTERS = 40;
// What would break a table, or cannot be seen in it.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A value in a cell of a table: texts as they are, without line breaks, cut where long. */
export function showValue(value: SqlValue | SqlLiteral): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return showText(value);
  const number = numberText(value);
  if (number !== null) return number.length > MOST_CHARACTERS ? `${number.slice(0, MOST_CHARACTERS)}…` : number;
  if (typeof value === 'number') return String(value);
  if ('hex' in value) return showBytes(value.hex);
  if (value.type === 'blob') return showBytes(value.value);
  return value.type === 'text' ? showText(value.value) : String(value.value);
}

function showText(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MOST_CHARACTERS));
  const isCut = characters.length > MOST_CHARACTERS || text.length > 2 * MOST_CHARACTERS;
  const shown = characters
    .slice(0, MOST_CHARACTERS)
    .join('')
    .replace(INVISIBLE, (character) => SHORT.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  // A text that could be taken for something else, or for nothing, shows where it begins and ends.
  const isAmbiguous = shown === 'NULL' || shown.trim() !== shown || shown === '' || canonicalNumber(shown) !== null;
  return isAmbiguous ? `'${shown}${isCut ? '…' : ''}'` : `${shown}${isCut ? '…' : ''}`;
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '↵'],
  ['\t', '→'],
  ['\r', '\\r'],
  ['\0', '␀'],
]);

function showBytes(hex: string): string {
  return hex.length > MOST_CHARACTERS ? `x'${hex.slice(0, MOST_CHARACTERS)}…'` : `x'${hex}'`;
}
