import type {
  CookieMatcher,
  ExpectedJson,
  ExpectedText,
  HttpExpectation,
  HttpPart,
  HttpRequest,
  Json,
  JsonMatcher,
  TextMatcher,
} from './http-test.js';
import { fillJson, fillPath, fillText, isList, type Variables } from './templates.js';

/** A request as it goes over the wire, but for the header fields that the client adds. */
export interface FilledRequest {
  readonly method: HttpRequest['method'];
  /** Path and query, in ASCII. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null: none. */
  readonly body: Uint8Array | null;
}

/** A value that was captured cannot stand where it is used. */
export class UnusableValue extends Error {}

const ENCODER = new TextEncoder();

/**
 * `request` with the values of its templates.
 *
 * @throws MissingVariable, UnusableValue
 */
export function fillRequest(request: HttpRequest, variables: Variables): FilledRequest {
  const { type, bytes } = bodyOf(request, variables);
  const headers = Object.entries(request.headers).map(([name, value]): readonly [string, string] => [
    name,
    headerValue(name, fillText(value, variables)),
  ]);
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    method: request.method,
    target: targetOf(request, variables),
    headers: type === null || hasType ? headers : [...headers, ['Content-Type', type]],
    body: bytes,
  };
}

function headerValue(name: string, value: string): string {
  // One that ends the line would make header fields of its own.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new UnusableValue(`has a value for ${name} that cannot stand in a header`);
  }
  return value;
}

function targetOf({ path, query }: HttpRequest, variables: Variables): string {
  const filled = fillPath(path, variables).replaceAll(/[^\x21-\x7e]/gu, percentEncoded);
  if (!filled.startsWith('/')) throw new UnusableValue('has a path that does not begin with "/"');
  const fields = encodedFields(query, variables);
  return fields === '' ? filled : `${filled}${filled.includes('?') ? '&' : '?'}${fields}`;
}

function percentEncoded(character: string): string {
  return [...ENCODER.encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function encodedFields(fields: Readonly<Record<string, string | readonly string[]>>, variables: Variables): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const))
    .map(([name, value]) => `${formEncoded(name)}=${formEncoded(fillText(value, variables))}`)
    .join('&');
}

function formEncoded(text: string): string {
  return [...ENCODER.encode(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((character) => (/[A-Za-z0-9*._-]/.test(character) ? character : character === ' ' ? '+' : hexOf(character)))
    .join('');
}

function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function bodyOf(request: HttpRequest, variables: Variables): { type: string | null; bytes: Uint8Array | null } {
  if (request.json !== undefined) {
    return { type: 'application/json', bytes: ENCODER.encode(JSON.stringify(fillJson(request.json, variables))) };
  }
  if (request.form !== null) {
    return { type: 'application/x-www-form-urlencoded', bytes: ENCODER.encode(encodedFields(request.form, variables)) };
  }
  if (request.text !== null) {
    return { type: 'text/plain; charset=utf-8', bytes: ENCODER.encode(fillText(request.text, variables)) };
  }
  if (request.body !== null) return { type: 'application/octet-stream', bytes: fromBase64(request.body) };
  return request.multipart === null ? { type: null, bytes: null } : multipartOf(request.multipart, variables);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function multipartOf(parts: readonly HttpPart[], variables: Variables): { type: string; bytes: Uint8Array } {
  const filled = parts.map((part) => ({
    part,
    bytes: part.encoding === 'base64' ? fromBase64(part.content) : ENCODER.encode(fillText(part.content, variables)),
  }));
  const boundary = boundaryFor(filled.map(({ bytes }) => bytes));
  const pieces = filled.flatMap(({ part, bytes }) => [
    ENCODER.encode(`--${boundary}\r\n${partHead(part)}\r\n\r\n`),
    bytes,
    ENCODER.encode('\r\n'),
  ]);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: joined([...pieces, ENCODER.encode(`--${boundary}--\r\n`)]),
  };
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '%22')}"`;
}

function partHead({ name, filename, contentType }: HttpPart): string {
  const file = filename === null ? '' : `; filename=${quoted(filename)}`;
  const type = contentType ?? (filename === null ? null : 'application/octet-stream');
  return `Content-Disposition: form-data; name=${quoted(name)}${file}${type === null ? '' : `\r\nContent-Type: ${type}`}`;
}

/** The first of a series that stands in none of the parts. */
function boundaryFor(contents: readonly Uint8Array[]): string {
  const texts = contents.map((bytes) => new TextDecoder('latin1').decode(bytes));
  for (let number = 1; ; number += 1) {
    const boundary = `assay-part-${number}`;
    if (!texts.some((text) => text.includes(boundary))) return boundary;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * `expect` with the values of its templates.
 *
 * @throws MissingVariable
 */
export function fillExpectation(expect: HttpExpectation, variables: Variables): HttpExpectation {
  const text = (expected: ExpectedText): ExpectedText => {
    if (typeof expected === 'string') return fillText(expected, variables);
    return filledMatcher(expected, variables);
  };
  return {
    ...expect,
    headers: mapped(expect.headers, text),
    ...(expect.json === undefined ? {} : { json: fillJson(expect.json, variables) }),
    jsonPath: mapped(expect.jsonPath, (expected) => filledJson(expected, variables)),
    text: expect.text === null || expect.compare === 'regex' ? expect.text : fillText(expect.text, variables),
    cookies: mapped(expect.cookies, text),
    location: expect.location === null ? null : text(expect.location),
  };
}

function filledMatcher<Matcher extends TextMatcher | CookieMatcher>(matcher: Matcher, variables: Variables): Matcher {
  return {
    ...matcher,
    ...(matcher.equals === undefined ? {} : { equals: fillText(matcher.equals, variables) }),
    ...(matcher.contains === undefined ? {} : { contains: fillText(matcher.contains, variables) }),
  };
}

function filledJson(expected: ExpectedJson, variables: Variables): ExpectedJson {
  if (isJsonMatcher(expected)) {
    return expected.equals === undefined ? expected : { ...expected, equals: fillJson(expected.equals, variables) };
  }
  const filled = fillJson(expected, variables);
  // A value that was captured is meant as a value, an object too.
  return typeof filled === 'object' && filled !== null && !isList(filled) ? { equals: filled } : filled;
}

/** Whether an expectation at a JSONPath is one of conditions; anything else stands for itself. */
export function isJsonMatcher(expected: ExpectedJson): expected is JsonMatcher {
  return typeof expected === 'object' && expected !== null && !isListOf(expected);
}

function isListOf(expected: readonly Json[] | JsonMatcher): expected is readonly Json[] {
  return Array.isArray(expected);
}

function mapped<Value, Result>(
  members: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Readonly<Record<string, Result>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value)]));
}
