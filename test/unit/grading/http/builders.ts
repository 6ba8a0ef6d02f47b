import type { HttpAnswer } from '../../../../src/grading/http/http-answer.js';
import { parseSetCookie } from '../../../../src/grading/http/cookies.js';
import type { HttpExpectation } from '../../../../src/grading/http/http-test.js';
import type { HttpTest } from '../../../../src/grading/grading-document.js';
import type { RawHttpTest } from '../../../../src/grading/http/raw-http-test.js';
import { type ParsedGradingDocument, parseGradingDocument } from '../../../../src/grading/parse-grading-document.js';

const CEILINGS = { timeMs: 30_000, wallMs: 120_000, memoryMiB: 2048, processes: 256, outputKiB: 16_384, diskMiB: 512 };

/** A test with one step unless told otherwise, as an instructor writes it. */
export function rawHttpTest(overrides: object = {}): object {
  return {
    kind: 'http',
    name: 'serves',
    points: 5,
    start: 'python3 app.py',
    port: 5000,
    steps: [{ request: { path: '/' } }],
    ...overrides,
  } satisfies Partial<RawHttpTest>;
}

export function parseTest(overrides: object = {}, document: object = {}): ParsedGradingDocument {
  return parseGradingDocument(
    { runtime: 'python', tests: [rawHttpTest(overrides)], ...document },
    { runtimes: ['python', 'node'], ceilings: CEILINGS },
  );
}

/** The same, checked, with every default. */
export function httpTest(overrides: object = {}): HttpTest {
  const parsed = parseTest(overrides);
  const test = parsed.ok ? parsed.document.tests[0] : undefined;
  if (test?.kind !== 'http') throw new Error(JSON.stringify(parsed));
  return test;
}

/** What is wrong with a test, as `PATH: MESSAGE`. */
export function faultsOf(overrides: object): string[] {
  const parsed = parseTest(overrides);
  return parsed.ok ? [] : parsed.errors.map(({ path, message }) => `${path.replace('/tests/0', '')}: ${message}`);
}

export function expectation(overrides: object = {}): HttpExpectation {
  const [step] = httpTest({ steps: [{ request: { path: '/' }, expect: overrides }] }).steps;
  if (step === undefined) throw new Error('A test has a step.');
  return step.expect;
}

export function answer(
  body: string,
  {
    status = 200,
    headers = {},
    cookies = [],
  }: { status?: number; headers?: Record<string, string>; cookies?: string[] } = {},
): HttpAnswer {
  return {
    status,
    headers: new Map(Object.entries(headers)),
    cookies: cookies.flatMap((cookie) => parseSetCookie(cookie) ?? []),
    body: new TextEncoder().encode(body),
    ms: 3,
  };
}
