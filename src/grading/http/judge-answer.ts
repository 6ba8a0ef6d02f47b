import { check } from '../checker.js';
import { compilePattern } from '../regex-pattern.js';
import { isExpired, type SetCookie } from './cookies.js';
import { isJsonMatcher } from './fill-step.js';
import type { HttpAnswer } from './http-answer.js';
import type {
  CookieMatcher,
  ExpectedJson,
  ExpectedText,
  HttpExpectation,
  HttpStatus,
  Json,
  JsonMatcher,
  JsonType,
  TextMatcher,
} from './http-test.js';
import { queryJsonPath } from './json-path.js';
import { schemaDifference } from './json-schema.js';
import { isSame, subsetDifference } from './json-subset.js';
import { kindOf, readJson, shownJson, type ReadJson } from './json-text.js';
import { isList } from './templates.js';

/** When an answer came, in milliseconds since 1970, for cookies that expire, and from where: for redirects that name it. */
export interface AnswerContext {
  readonly now: number;
  readonly origins: readonly string[];
}

/**
 * Everything in which `answer` is not as `expect` says, whose templates are filled in; one sentence each, the status first.
 * Empty: it is as expected. Time is bounded by `HTTP_LIMITS`, whatever the answer holds.
 */
export function answerDifferences(expect: HttpExpectation, answer: HttpAnswer, context: AnswerContext): string[] {
  let read: ReadJson | null = null;
  const json = (): ReadJson => (read ??= readJson(answer.body));
  return [
    statusDifference(expect, answer.status),
    ...Object.entries(expect.headers).map(([name, expected]) =>
      textDifference(expected, answer.headers.get(name.toLowerCase()), `header ${name}`),
    ),
    locationDifference(expect.location, answer, context.origins),
    ...Object.entries(expect.cookies).map(([name, expected]) =>
      cookieDifference(
        name,
        typeof expected === 'string' ? { equals: expected } : expected,
        answer.cookies,
        context.now,
      ),
    ),
    expect.json === undefined ? null : jsonDifference(json(), (value) => subset(expect.json ?? null, value)),
    ...pathDifferences(expect, json),
    expect.jsonSchema === null
      ? null
      : jsonDifference(json(), (value) => {
          const difference = schemaDifference(expect.jsonSchema ?? true, value);
          return difference === null ? null : `JSON Schema: ${difference}`;
        }),
    bodyDifference(expect, answer.body),
  ].filter((difference) => difference !== null);
}

/** Whether `status` is one of `expected`; null expects any below 400. */
export function isExpectedStatus(expected: readonly HttpStatus[] | null, status: number): boolean {
  if (expected === null) return status < 400;
  return expected.some((one) =>
    typeof one === 'number' ? one === status : one.charAt(0) === String(status).charAt(0),
  );
}

/** `expected` as it stands in a message. */
export function shownStatus(expected: readonly HttpStatus[] | null): string {
  return expected === null ? 'below 400' : expected.join(' or ');
}

function statusDifference({ status, statuses }: HttpExpectation, actual: number): string | null {
  if (statuses !== null) return null;
  return isExpectedStatus(status, actual) ? null : `status: expected ${shownStatus(status)}, got ${actual}`;
}

function textDifference(expected: ExpectedText, actual: string | undefined, what: string): string | null {
  const { exists, equals, contains, regex }: TextMatcher =
    typeof expected === 'string' ? { equals: expected } : expected;
  if (exists === false) return actual === undefined ? null : `${what}: expected none, got ${quoted(actual)}`;
  if (actual === undefined) {
    return `${what}: ${equals === undefined ? '' : `expected ${quoted(equals)}, `}there is none`;
  }
  if (equals !== undefined && equals !== actual) return `${what}: expected ${quoted(equals)}, got ${quoted(actual)}`;
  if (contains !== undefined && !actual.includes(contains)) {
    return `${what}: expected ${quoted(contains)} in it, got ${quoted(actual)}`;
  }
  if (regex !== undefined && !matchesPattern(regex, actual)) {
    return `${what}: expected a match of ${quoted(regex)}, got ${quoted(actual)}`;
  }
  return null;
}

function matchesPattern(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  return compiled.ok && text.length <= compiled.maxTextBytes && compiled.matches(text);
}

function locationDifference(
  expected: ExpectedText | null,
  answer: HttpAnswer,
  origins: readonly string[],
): string | null {
  if (expected === null) return null;
  const location = answer.headers.get('location');
  const whole = textDifference(expected, location, 'header Location');
  const origin = origins.find((one) => location?.startsWith(`${one}/`) === true);
  if (whole === null || location === undefined || origin === undefined) return whole;
  return textDifference(expected, location.slice(origin.length), 'header Location') === null ? null : whole;
}

function cookieDifference(
  name: string,
  expected: CookieMatcher,
  cookies: readonly SetCookie[],
  now: number,
): string | null {
  // The last one is what a client keeps.
  const cookie = cookies.findLast((one) => one.name === name);
  const what = `cookie ${name}`;
  const value = textDifference(expected, cookie?.value, what);
  if (value !== null || cookie === undefined) return value;
  const attributes: readonly (readonly [string, Attribute | undefined, Attribute])[] = [
    ['HttpOnly', expected.httpOnly, cookie.httpOnly],
    ['Secure', expected.secure, cookie.secure],
    ['SameSite', expected.sameSite?.toLowerCase(), cookie.sameSite?.toLowerCase() ?? null],
    ['Path', expected.path, cookie.path],
    ['Max-Age', expected.maxAge, cookie.maxAge],
    ['expired', expected.expired, isExpired(cookie, now)],
  ];
  const wrong = attributes.find(([, wanted, actual]) => wanted !== undefined && wanted !== actual);
  if (wrong === undefined) return null;
  const [attribute, wanted, actual] = wrong;
  return `${what}: expected ${attribute} ${said(wanted)}, got ${said(actual)}`;
}

/** True and false: set or not; null: not set. */
type Attribute = string | number | boolean | null;

function said(value: Attribute | undefined): string {
  if (value === true) return 'to be set';
  return value === false || value === null || value === undefined ? 'none' : String(value);
}

function jsonDifference(read: ReadJson, difference: (value: Json) => string | null): string | null {
  return read.ok ? difference(read.value) : `the body ${read.fault}`;
}

function subset(expected: Json, value: Json): string | null {
  const difference = subsetDifference(expected, value);
  return difference === null ? null : `JSON at ${difference}`;
}

function pathDifferences(expect: HttpExpectation, json: () => ReadJson): (string | null)[] {
  const paths = Object.entries(expect.jsonPath);
  if (paths.length === 0) return [];
  const read = json();
  if (!read.ok) return [`the body ${read.fault}`];
  return paths.map(([path, expected]) => pathDifference(path, expected, read.value));
}

function pathDifference(path: string, expected: ExpectedJson, value: Json): string | null {
  const found = queryJsonPath(path, value);
  if (found === null) return `${path}: this JSON is too much for it`;
  const matcher = isJsonMatcher(expected) ? expected : { equals: expected };
  const { values } = found;
  if (matcher.exists === false) {
    return values.length === 0 ? null : `${path}: expected nothing, got ${shownJson(values[0])}`;
  }
  if (matcher.count !== undefined && values.length !== matcher.count) {
    return `${path}: expected ${matcher.count} values, got ${values.length}`;
  }
  // A path that can give many gives a list; one that can give one gives it.
  const actual: Json | undefined = found.isSingular ? values[0] : values;
  if (actual === undefined || (values.length === 0 && matcher.count === undefined && matcher.equals === undefined)) {
    return `${path}: expected ${matcher.equals === undefined ? 'a value' : shownJson(matcher.equals)}, but there is nothing there`;
  }
  if (matcher.equals !== undefined && !isSame(matcher.equals, actual)) {
    return `${path}: expected ${shownJson(matcher.equals)}, got ${shownJson(actual)}`;
  }
  for (const one of values) {
    const difference = valueDifference(matcher, one);
    if (difference !== null) return `${path}: ${difference}`;
  }
  return null;
}

function valueDifference({ type, regex, minimum, maximum }: JsonMatcher, value: Json): string | null {
  if (type !== undefined && !isOfType(type, value)) {
    return `expected ${type}, got ${kindOf(value)}: ${shownJson(value)}`;
  }
  if (regex !== undefined && !(typeof value === 'string' && matchesPattern(regex, value))) {
    return `expected a match of ${quoted(regex)}, got ${shownJson(value)}`;
  }
  if (minimum !== undefined && !(typeof value === 'number' && value >= minimum)) {
    return `expected at least ${minimum}, got ${shownJson(value)}`;
  }
  if (maximum !== undefined && !(typeof value === 'number' && value <= maximum)) {
    return `expected at most ${maximum}, got ${shownJson(value)}`;
  }
  return null;
}

function isOfType(type: JsonType, value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return isList(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !isList(value);
  return typeof value === type;
}

function bodyDifference(expect: HttpExpectation, body: Uint8Array): string | null {
  if (expect.text === null) return null;
  const { matches, difference } = check(expect, expect.text, body);
  return matches ? null : `body: ${difference ?? 'not as expected'}`;
}

function quoted(text: string): string {
  const cut = text.length <= 120 ? text : `${text.slice(0, 120)}…`;
  return JSON.stringify(cut);
}
