import type { ErrorObject } from 'ajv/dist/2020.js';
import { pointer, type DocumentFault } from './document-fault.js';
import { SUPPORTED_TEST_KINDS } from './grading-schema.js';

/** What to do about a required property that is missing, where "is required" alone would leave a reader guessing. */
const MISSING: ReadonlyMap<string, string> = new Map([
  ['tests', 'list at least one test'],
  ['kind', `say what kind of test it is, one of ${SUPPORTED_TEST_KINDS.join(', ')}`],
  ['name', 'give it a name of its own'],
  ['points', 'give the test a number of points, 0 or more'],
  ['path', 'say where the file lies, such as data.csv'],
  ['content', 'give the file a content; "" makes an empty one'],
  ['run', 'say which command to run, such as make'],
  ['reference', 'say which of `files` are the reference solution'],
  ['tool', 'say which tool looks at the files, such as pycodestyle'],
  ['match', 'say which rule it is about, or * for all'],
  ['scoring', 'say how the tests become points: all, sum, min or avg'],
]);

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'a list'],
  ['null', 'null'],
]);

type Explain = (error: ErrorObject) => DocumentFault;

/**
 * A fault that ajv found against `gradingDocumentSchema`, in words that someone understands who has not seen the schema;
 * null for one that only repeats another. The validator must be `verbose`.
 */
export function schemaFault(error: ErrorObject): DocumentFault | null {
  // An `if` fails because its `then` did, and that is reported by itself.
  if (error.keyword === 'if') return null;
  const explain = EXPLANATIONS.get(error.keyword);
  return explain === undefined
    ? { path: error.instancePath, message: error.message ?? 'is not valid' }
    : explain(error);
}

const EXPLANATIONS: ReadonlyMap<string, Explain> = new Map<string, Explain>([
  ['required', missing],
  ['additionalProperties', unknownProperty],
  ['type', wrongType],
  ['enum', notOneOf],
  ['minimum', (error) => at(error, `must be at least ${parameter(error, 'limit')}`)],
  ['maximum', (error) => at(error, `must be at most ${parameter(error, 'limit')}`)],
  ['minLength', (error) => at(error, 'must not be empty')],
  ['maxLength', (error) => at(error, `must be at most ${parameter(error, 'limit')} characters long`)],
  ['minItems', (error) => at(error, `must list at least ${parameter(error, 'limit')}`)],
  ['maxItems', (error) => at(error, `must list at most ${parameter(error, 'limit')}, and lists ${count(error.data)}`)],
]);

function at(error: ErrorObject, message: string): DocumentFault {
  return { path: error.instancePath, message };
}

function parameter(error: ErrorObject, name: string): string {
  const value: unknown = error.params[name];
  return String(value);
}

function count(data: unknown): number {
  return Array.isArray(data) ? data.length : 0;
}

function missing(error: ErrorObject): DocumentFault {
  const property = parameter(error, 'missingProperty');
  const advice =
    property === 'points' && error.instancePath.startsWith('/groups/')
      ? 'give the group a number of points, 0 or more'
      : MISSING.get(property);
  return {
    path: error.instancePath + pointer(property),
    message: advice === undefined ? 'is required' : `is required: ${advice}`,
  };
}

function unknownProperty(error: ErrorObject): DocumentFault {
  const property = parameter(error, 'additionalProperty');
  const properties: unknown = error.parentSchema?.['properties'];
  const known = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const meant = known.find((name) => isMisspelling(property, name));
  return {
    path: error.instancePath + pointer(property),
    message:
      `is not a known property${meant === undefined ? '' : `; do you mean "${meant}"?`}` +
      `${meant === undefined ? ': use' : ' Known are'} ${known.join(', ')}`,
  };
}

function wrongType(error: ErrorObject): DocumentFault {
  const types: unknown = error.params['type'];
  const wanted = (Array.isArray(types) ? types : [types]).map((type) => TYPE_NAMES.get(String(type)) ?? String(type));
  const isScalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  const advice = wanted.includes('a text') && isScalar ? ': put it in quotes' : '';
  return at(error, `must be ${wanted.join(' or ')}, not ${typeNameOf(error.data)}${advice}`);
}

function typeNameOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'number') return Number.isFinite(data) ? `the number ${data}` : 'a number that is not finite';
  return TYPE_NAMES.get(typeof data) ?? 'something else';
}

function notOneOf(error: ErrorObject): DocumentFault {
  const allowed: unknown = error.params['allowedValues'];
  const list = Array.isArray(allowed) ? allowed.map(String).join(', ') : '';
  return at(error, `must be one of ${list}`);
}

/** True for names that differ in case, in `_` and `-`, or in one letter added, left out, changed or swapped. */
function isMisspelling(written: string, meant: string): boolean {
  const a = written.slice(0, 50).toLowerCase().replaceAll(/[_-]/g, '');
  const b = meant.toLowerCase();
  if (a === b) return true;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (Math.min(a.length, b.length) < 3) return false;
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
