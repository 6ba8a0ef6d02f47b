import type { FloatTolerance } from '../compare-options.js';

/**
 * Values of programs as JSON: what a call is given, and what it is compared with. Null, truth values, finite numbers, texts, lists
 * and objects with text keys stand for themselves; an object whose only key begins with `$` is one of these.
 */
const FORMS: Readonly<Record<string, (inside: unknown) => string | null>> = {
  $tuple: (inside) => listFault(inside),
  $set: (inside) => listFault(inside),
  $map: (inside) =>
    Array.isArray(inside) && inside.every((pair) => Array.isArray(pair) && pair.length === 2)
      ? firstFault(inside.flat())
      : 'must be a list of [key, value] pairs',
  $bytes: (inside) => (typeof inside === 'string' && isBase64(inside) ? null : 'must be base64'),
  $int: (inside) => (typeof inside === 'string' && INTEGER.test(inside) ? null : 'must be a whole number as a text'),
  $float: (inside) => (FLOATS.some((one) => one === inside) ? null : `must be one of ${FLOATS.join(', ')}`),
  $undefined: (inside) => (inside === true ? null : 'must be true'),
  $object: (inside) => objectFault(inside),
};

const INTEGER = /^-?\d{1,4000}$/;
const FLOATS = ['nan', 'inf', '-inf'] as const;
/** Values inside one another; what a program returns may be deeper, and is then equal to nothing. */
export const DEEPEST_VALUE = 64;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function listFault(inside: unknown): string | null {
  return Array.isArray(inside) ? firstFault(inside) : 'must be a list';
}

function objectFault(inside: unknown): string | null {
  if (!isFields(inside) || typeof inside['class'] !== 'string' || !isFields(inside['fields'])) {
    return 'must hold `class`, a text, and `fields`, an object';
  }
  return firstFault(Object.values(inside['fields']));
}

function firstFault(values: readonly unknown[]): string | null {
  for (const value of values) {
    const fault = valueFault(value);
    if (fault !== null) return fault;
  }
  return null;
}

/** The form of an object such as `{"$tuple": […]}` and what is in it; null for all other values. */
function formOf(value: unknown): readonly [form: string, inside: unknown] | null {
  if (!isFields(value)) return null;
  const [entry, second] = Object.entries(value);
  return entry !== undefined && second === undefined && entry[0].startsWith('$') ? entry : null;
}

/** Why `value`, JSON of an author, is no value of a program, as a sentence without its subject; null when it is one. */
export function valueFault(value: unknown): string | null {
  if (Array.isArray(value)) return firstFault(value);
  if (!isFields(value)) return null;
  const form = formOf(value);
  if (form === null) return firstFault(Object.values(value));
  const [name, inside] = form;
  const check = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (check === undefined) return `knows no \`${name}\`: use one of ${Object.keys(FORMS).join(', ')}`;
  const fault = check(inside);
  return fault === null ? null : `has a \`${name}\` that ${fault}`;
}

/** The first place where `actual` is not what was expected, as a sentence; null where they are equal. */
export function valueDifference(
  expected: unknown,
  actual: unknown,
  tolerance: FloatTolerance | null,
  path = '',
  depth = 0,
): string | null {
  if (depth > DEEPEST_VALUE) return `${where(path)}it is nested deeper than anything is compared.`;
  const differs = `${where(path)}expected ${showValue(expected)}, got ${showValue(actual)}.`;
  const inside = (want: unknown, got: unknown, step: string): string | null =>
    valueDifference(want, got, tolerance, `${path}${step}`, depth + 1);
  if (Array.isArray(expected)) return listDifference(expected, actual, { path, differs, inside });
  const numbers = numberOf(expected);
  if (numbers !== null) return areNumbersEqual(expected, actual, tolerance) ? null : differs;
  const form = formOf(expected);
  if (form === null && isFields(expected)) {
    return formOf(actual) === null && isFields(actual) ? fieldsDifference(expected, actual, { path, inside }) : differs;
  }
  if (form === null) return expected === actual ? null : differs;
  const actualForm = formOf(actual);
  if (actualForm === null || actualForm[0] !== form[0]) return differs;
  const [name, want] = form;
  const got = actualForm[1];
  if (name === '$tuple' && Array.isArray(want)) return listDifference(want, got, { path, differs, inside });
  if (name === '$set' && Array.isArray(want)) return areSetsEqual(want, got, tolerance, depth) ? null : differs;
  if (name === '$map' && Array.isArray(want)) return areSetsEqual(want, got, tolerance, depth) ? null : differs;
  if (name === '$object' && isFields(want) && isFields(got)) {
    if (want['class'] !== got['class'] || !isFields(want['fields']) || !isFields(got['fields'])) return differs;
    return fieldsDifference(want['fields'], got['fields'], { path, inside });
  }
  return want === got ? null : differs;
}

interface Comparing {
  readonly path: string;
  readonly inside: (want: unknown, got: unknown, step: string) => string | null;
}

function where(path: string): string {
  return path === '' ? '' : `at ${path.length > 200 ? `${path.slice(0, 200)}…` : path}: `;
}

function listDifference(
  expected: readonly unknown[],
  actual: unknown,
  { path, differs, inside }: Comparing & { readonly differs: string },
): string | null {
  if (!Array.isArray(actual)) return differs;
  for (let index = 0; index < Math.min(expected.length, actual.length); index += 1) {
    const difference = inside(expected[index], actual[index], `[${index}]`);
    if (difference !== null) return difference;
  }
  if (expected.length === actual.length) return null;
  return `${where(path)}expected ${expected.length} items, got ${actual.length}: ${showValue(actual)}.`;
}

function fieldsDifference(expected: Fields, actual: Fields, { path, inside }: Comparing): string | null {
  for (const key of Object.keys(expected)) {
    if (!Object.hasOwn(actual, key)) return `${where(path)}the key ${showValue(key)} is missing.`;
    const difference = inside(expected[key], actual[key], `[${showValue(key)}]`);
    if (difference !== null) return difference;
  }
  const extra = Object.keys(actual).find((key) => !Object.hasOwn(expected, key));
  return extra === undefined ? null : `${where(path)}the key ${showValue(extra)} is not expected.`;
}

/** More values than this in a set are compared without a tolerance only by luck of their order: quadratic work is bounded. */
const LARGEST_SET = 2_000;

/** The same members, in whatever order; pairs of a map are members too. */
function areSetsEqual(
  expected: readonly unknown[],
  actual: unknown,
  tolerance: FloatTolerance | null,
  depth: number,
): boolean {
  if (!Array.isArray(actual) || actual.length !== expected.length || actual.length > LARGEST_SET) return false;
  const left = actual.map((one: unknown) => one);
  for (const want of expected) {
    const at = left.findIndex((got) => valueDifference(want, got, tolerance, '', depth + 1) === null);
    if (at === -1) return false;
    left.splice(at, 1);
  }
  return true;
}

type Numeric = { readonly exact: bigint } | { readonly float: number };

function numberOf(value: unknown): Numeric | null {
  if (typeof value === 'number') return { float: value };
  const form = formOf(value);
  if (form === null || typeof form[1] !== 'string') return null;
  if (form[0] === '$int' && INTEGER.test(form[1])) return { exact: BigInt(form[1]) };
  if (form[0] !== '$float') return null;
  if (form[1] === 'nan') return { float: Number.NaN };
  return form[1] === 'inf' || form[1] === '-inf' ? { float: form[1] === 'inf' ? Infinity : -Infinity } : null;
}

function areNumbersEqual(expected: unknown, actual: unknown, tolerance: FloatTolerance | null): boolean {
  const want = numberOf(expected);
  const got = numberOf(actual);
  if (want === null || got === null) return false;
  // Both forms of one whole number are equal, so that nobody needs to know where exactness ends.
  if ('exact' in want || 'exact' in got) {
    const whole = (one: Numeric): bigint | null =>
      'exact' in one ? one.exact : Number.isSafeInteger(one.float) ? BigInt(one.float) : null;
    if (whole(want) !== null && whole(want) === whole(got)) return true;
    if (tolerance === null) return false;
  }
  const [a, b] = [want, got].map((one) => ('exact' in one ? Number(one.exact) : one.float));
  if (a === undefined || b === undefined) return false;
  // Not a number is expected where it is expected.
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  if (tolerance === null || !Number.isFinite(a) || !Number.isFinite(b)) return false;
  const off = Math.abs(a - b);
  return off <= (tolerance.absolute ?? -1) || off <= (tolerance.relative ?? -1) * Math.abs(a);
}

const SHOWN_CHARACTERS = 200;

/** `value` for people: close to how Python and JavaScript write it, one line, cut. */
export function showValue(value: unknown): string {
  const whole = shown(value, SHOWN_CHARACTERS, 0);
  return whole.length > SHOWN_CHARACTERS ? `${whole.slice(0, SHOWN_CHARACTERS)}…` : whole;
}

function shown(value: unknown, room: number, depth: number): string {
  if (depth > 8 || room <= 0) return '…';
  const list = (items: readonly unknown[], open: string, close: string): string => {
    let text = open;
    for (const [index, item] of items.entries()) {
      if (text.length > room) return `${text}, …`;
      text += `${index === 0 ? '' : ', '}${shown(item, room - text.length, depth + 1)}`;
    }
    return `${text}${close}`;
  };
  if (Array.isArray(value)) return list(value, '[', ']');
  const form = formOf(value);
  if (form !== null) {
    const [name, inside] = form;
    if (name === '$tuple' && Array.isArray(inside)) return list(inside, '(', inside.length === 1 ? ',)' : ')');
    if (name === '$set' && Array.isArray(inside)) return list(inside, 'set{', '}');
    if (name === '$undefined') return 'undefined';
    if ((name === '$int' || name === '$float') && typeof inside === 'string') return inside;
    if (name === '$opaque' && typeof inside === 'string') return `<${inside.slice(0, 100)}>`;
    if (name === '$object' && isFields(inside)) {
      return `${String(inside['class'])} ${shown(inside['fields'], room, depth + 1)}`;
    }
  }
  if (isFields(value)) {
    const pairs = Object.entries(value).slice(0, 50);
    return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}: ${shown(one, Math.floor(room / pairs.length), depth + 1)}`).join(', ')}}`;
  }
  return JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN_CHARACTERS) : value) ?? 'nothing';
}
