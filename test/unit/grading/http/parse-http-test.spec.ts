import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faultsOf, httpTest, parseTest } from './builders.js';
import { parseGradingDocument } from '../../../../src/grading/parse-grading-document.js';

const step = (overrides: object): object => ({ steps: [{ request: { path: '/' }, ...overrides }] });
const request = (overrides: object): object => step({ request: { path: '/', ...overrides } });
const expecting = (expect: object): object => step({ expect });

describe('a test of the kind http', () => {
  it('gets every default, and is then a document that parses to itself', () => {
    const parsed = parseTest();
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    expect(parsed.document.tests[0]).toMatchObject({
      ready: { path: null, status: null, timeMs: 15_000 },
      steps: [
        {
          points: null,
          restart: false,
          parallel: 1,
          request: { method: 'GET', cookies: true, followRedirects: false, timeMs: 5000 },
          expect: { status: null, compare: 'trimmed', caseSensitive: true },
        },
      ],
      latency: null,
      // A framework needs more than a program.
      limits: { timeMs: 10_000, wallMs: 40_000 },
    });
    const again = parseGradingDocument(JSON.parse(JSON.stringify(parsed.document)), {
      runtimes: ['python'],
      ceilings: { timeMs: 30_000, wallMs: 120_000, memoryMiB: 2048, processes: 256, outputKiB: 16_384, diskMiB: 512 },
    });
    expect(again).toEqual(parsed);
  });

  it('keeps the times that somebody named', () => {
    const parsed = parseTest({}, { limits: { timeMs: 1000 } });
    expect(parsed.ok && parsed.document.tests[0]?.limits).toEqual({});
    expect(httpTest({ limits: { wallMs: 9000 } }).limits).toEqual({ wallMs: 9000 });
  });

  it('takes a body that is null, and a status of any form', () => {
    const test = httpTest({
      steps: [
        { request: { method: 'POST', path: '/', json: null }, expect: { status: [201, '3xx'], json: null } },
        { request: { path: '/' }, expect: { status: '2xx' } },
        { restart: true },
      ],
    });
    expect(test.steps[0]).toMatchObject({ request: { json: null }, expect: { status: [201, '3xx'], json: null } });
    expect(test.steps[1]?.expect.status).toEqual(['2xx']);
    expect(test.steps[2]?.request).toBeNull();
  });

  it.each([
    [{ port: 80 }, '/port: must be at least 1024'],
    [{ steps: [] }, '/steps: must list at least 1'],
    [{ start: 'a\0b' }, '/start: must not contain NUL'],
    [{ environment: { PORT: '1' } }, '/environment/PORT: is set by Assay'],
    [{ environment: { 'a b': '1' } }, '/environment/a b: is not the name of a variable'],
    [{ ready: { path: 'health' } }, '/ready/path: must begin with "/"'],
    [{ ready: { status: 200 } }, '/ready/status: needs a `path`'],
    [step({ points: 2 }), '/points: is 5, and its steps give 2'],
    [{ steps: [{}] }, '/steps/0/request: is required, unless'],
    [{ steps: [{ restart: true, expect: { status: 200 } }] }, '/steps/0/expect: needs a `request`'],
    [request({ path: 'http://example.org/' }), '/steps/0/request/path: must begin with "/"'],
    [request({ path: '/a b' }), '/steps/0/request/path: must not contain white space'],
    [request({ headers: { Host: 'a' } }), '/steps/0/request/headers/Host: is set by Assay'],
    [request({ headers: { 'X-A': 'a\r\nX-B: b' } }), '/steps/0/request/headers/X-A: must be one line'],
    [request({ json: {} }), '/steps/0/request/method: cannot have a body'],
    [request({ method: 'POST', json: {}, text: 'a' }), '/steps/0/request/text: excludes `json`'],
    [request({ method: 'POST', body: '?' }), '/steps/0/request/body: is not base64'],
    [request({ path: '/{{id}}' }), '/steps/0/request/path: uses {{id}}, which no step before it captures'],
    [request({ path: '/{{index}}' }), '/steps/0/request/path: uses {{index}}, which only a step with `parallel`'],
    [expecting({ status: 'ok' }), '/steps/0/expect/status: must be a number'],
    [expecting({ statuses: { '200': 1 } }), '/steps/0/expect/statuses: needs `parallel`'],
    [step({ parallel: 3, expect: { statuses: { '200': 1 } } }), '/steps/0/expect/statuses: names 1 answers'],
    [expecting({ headers: { A: { regex: '(?=a)' } } }), '/steps/0/expect/headers/A/regex: uses look-around'],
    [expecting({ jsonPath: { 'a.b': 1 } }), '/steps/0/expect/jsonPath/a.b: is not a JSONPath'],
    [expecting({ jsonSchema: { type: 'text' } }), '/steps/0/expect/jsonSchema: is not a JSON Schema'],
    [expecting({ json: { id: '{{id}}' } }), '/steps/0/expect/json/id: uses {{id}}'],
    [expecting({ text: '(', compare: 'regex' }), '/steps/0/expect/text: is not a regular expression'],
    [expecting({ floatTolerance: { absolute: 1 } }), '/steps/0/expect/floatTolerance: works with `compare: tokens`'],
    [step({ parallel: 2, capture: { a: '$.a' } }), '/steps/0/capture/a: cannot be captured'],
    [step({ capture: { 'a-b': '$.a' } }), '/steps/0/capture/a-b: is not a name'],
    [step({ capture: { a: { header: 'A', cookie: 'b' } } }), '/steps/0/capture/a: must name one of'],
    [
      { steps: Array.from({ length: 30 }, () => ({ request: { path: '/' }, parallel: 50 })) },
      '/steps: make 1500 requests',
    ],
    [
      {
        latency: {
          ratio: 2,
          request: { path: '/' },
          reference: { start: 'a', files: [{ path: '../a', content: '' }] },
        },
      },
      '/latency/reference/files/0/path: must stay in its folder',
    ],
  ])('is refused with %j', (overrides, fault) => {
    expect(faultsOf(overrides).join('\n')).toContain(fault);
  });

  it('knows what a step before has captured', () => {
    const steps = [
      { request: { path: '/' }, capture: { id: '$.id' } },
      { request: { path: '/{{id}}', query: { n: '{{ index }}' } }, parallel: 2, expect: { json: { id: '{{id}}' } } },
    ];
    expect(faultsOf({ steps })).toEqual([]);
  });
});

describe('docs/grading-http.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/grading-http.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block);

  it.each(blocks)('shows a document that is taken: %#', (block) => {
    const written: unknown = parse(block);
    const document =
      typeof written === 'object' && written !== null && 'tests' in written
        ? written
        : { runtime: 'python', tests: written };
    const parsed = parseGradingDocument(document, {
      runtimes: ['python', 'node'],
      ceilings: { timeMs: 30_000, wallMs: 120_000, memoryMiB: 2048, processes: 256, outputKiB: 16_384, diskMiB: 512 },
    });
    expect(parsed.ok ? [] : parsed.errors).toEqual([]);
  });

  it('has examples', () => expect(blocks.length).toBeGreaterThan(5));
});
