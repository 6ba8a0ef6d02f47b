import { describe, expect, it } from 'vitest';
import type { StepReport } from '../../../../src/grading/http/http-report.js';
import type { HttpTest } from '../../../../src/grading/grading-document.js';
import { judgeHttp, type HttpRun } from '../../../../src/grading/http/judge-http.js';
import { latencyDifference, median } from '../../../../src/grading/http/judge-latency.js';
import { programRun } from '../builders.js';
import { answer, httpTest } from './builders.js';

const STEPS = [
  { name: 'log in', request: { method: 'POST', path: '/login', json: { user: 'ada' } }, expect: { status: 200 } },
  { request: { path: '/items' }, expect: { json: [] } },
];
const scored = (points: readonly number[]): HttpTest =>
  httpTest({ points: 5, steps: STEPS.map((step, index) => ({ ...step, points: points[index] })) });

function run(test: HttpTest, outcomes: readonly StepReport['outcome'][], overrides: Partial<HttpRun> = {}): HttpRun {
  const steps = test.steps.map((step, index): StepReport => {
    const outcome = outcomes[index] ?? 'unmade';
    const request = {
      method: 'POST',
      target: '/login',
      headers: [],
      body: new TextEncoder().encode('{"user":"ada"}'),
    } as const;
    return {
      step,
      outcome,
      exchanges: outcome === 'unmade' ? [] : [{ request, answer: answer('no such user', { status: 401 }) }],
      differences: outcome === 'failed' ? ['status: expected 200, got 401'] : [],
      isLate: false,
    };
  });
  return { ended: null, unready: null, steps, slow: null, ...overrides };
}

describe('judgeHttp', () => {
  const test = httpTest({ steps: STEPS });

  it('gives all points when all steps held, and shows what was sent and came', () => {
    const judged = judgeHttp(test, run(test, ['held', 'held']));
    expect(judged).toMatchObject({ verdict: 'accepted', points: 5, expected: null });
    expect(judged.message).toContain('Every step is as expected.');
  });

  it('names the step that failed, what was expected, and shows the log', () => {
    const judged = judgeHttp(test, run(test, ['failed']));
    expect(judged).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(judged.message?.split('\n')).toEqual([
      'Step 1 (log in): status: expected 200, got 401',
      '',
      'Step 1 (log in): FAILED',
      '  POST /login → 401 (3 ms)',
      '    > {"user":"ada"}',
      '    < no such user',
      '  ! status: expected 200, got 401',
      'Step 2 (GET /items): not run',
    ]);
    expect(JSON.parse(judged.expected ?? '')).toEqual({ status: [200] });
  });

  it('gives the points of the steps that held where they have their own', () => {
    const parts = scored([2, 3]);
    expect(judgeHttp(parts, run(parts, ['failed', 'held']))).toMatchObject({ verdict: 'wrong_answer', points: 3 });
    expect(judgeHttp(parts, run(parts, ['held', 'held']))).toMatchObject({ verdict: 'accepted', points: 5 });
  });

  it.each([
    [
      programRun({ kind: 'memory_limit' }),
      'memory_limit_exceeded',
      'The service failed in Step 1 (log in): it used more memory',
    ],
    [programRun({ kind: 'cpu_limit' }), 'time_limit_exceeded', 'it used more CPU time'],
    [programRun({ exitCode: 1 }), 'runtime_error', 'it ended with exit status 1'],
    [programRun({ exitCode: 0 }), 'runtime_error', 'The service ended by itself in Step 1 (log in).'],
    [programRun({ kind: 'signalled', signal: 'SIGSEGV' }), 'runtime_error', 'SIGSEGV'],
    // What a service prints is cut, and is no reason to end it.
    [programRun({ exitCode: 1, stdoutTruncated: true }), 'runtime_error', 'exit status 1'],
  ] as const)('takes the end of the service for the reason', (ended, verdict, message) => {
    const judged = judgeHttp(test, run(test, ['failed'], { ended }));
    expect(judged).toMatchObject({ verdict, points: 0 });
    expect(judged.message).toContain(message);
  });

  it('says why it was not ready, and that it was too slow or late', () => {
    const unready = judgeHttp(test, run(test, [], { unready: 'was not ready within 100 ms' }));
    expect(unready).toMatchObject({ verdict: 'runtime_error', points: 0 });
    expect(unready.message).toContain('The service was not ready within 100 ms.');
    expect(judgeHttp(test, run(test, ['held', 'held'], { slow: 'Slow.' })).verdict).toBe('time_limit_exceeded');
    const late = run(test, ['failed']);
    const steps = late.steps.map((step) => ({ ...step, isLate: true }));
    expect(judgeHttp(test, { ...late, steps }).verdict).toBe('time_limit_exceeded');
  });

  it('never takes a test for passed of which a step was not made', () => {
    expect(judgeHttp(test, run(test, ['held'])).verdict).toBe('wrong_answer');
  });

  it('shows of bodies what is text, and not more than a little', () => {
    const report = run(test, ['held', 'held']);
    const [first] = report.steps;
    if (first === undefined) throw new Error('There is a step.');
    const [one] = first.exchanges;
    if (one === undefined) throw new Error('There is an exchange.');
    const shown = (body: string): string =>
      judgeHttp(test, { ...report, steps: [{ ...first, exchanges: [{ ...one, answer: answer(body) }] }] }).message ??
      '';
    expect(shown('a\u0000b')).toContain('3 bytes that are no text');
    expect(shown('x'.repeat(1000))).toContain(`< ${'x'.repeat(240)}…`);
    expect(shown('a\nb\nc\nd\ne\nf')).toContain('    < d…');
  });
});

describe('latencyDifference', () => {
  const latency = { ...httpTest({ latency: { ratio: 2, request: { path: '/' }, reference: { start: 'x' } } }).latency };
  const budget = { ...latency, ratio: 2, floorMs: 20 } as NonNullable<HttpTest['latency']>;

  it.each([
    [[10, 10, 500], [10, 10, 10], true],
    [[45, 45, 45], [20, 20, 20], false],
    [[39, 39, 39], [20, 20, 20], true],
    // Within the floor, whatever the ratio says.
    [[15, 15, 15], [1, 1, 1], true],
  ])('judges %j beside %j', (times, reference, isFast) => {
    expect(latencyDifference(budget, times, reference) === null).toBe(isFast);
  });

  it('takes the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
