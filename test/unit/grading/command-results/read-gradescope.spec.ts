import { describe, expect, it } from 'vitest';
import { readGradescope } from '../../../../src/grading/command-results/read-gradescope.js';
import { bytes } from '../builders.js';

const read = (results: unknown, points = 10) => readGradescope(bytes(JSON.stringify(results)), points);
const tests = (...scores: number[]) => ({ tests: scores.map((score) => ({ score, max_score: 2 })) });

describe('readGradescope', () => {
  it('reads scores, names, status, output and visibility of the tests', () => {
    expect(
      read({
        execution_time: 136,
        output: 'Well done.',
        stdout_visibility: 'visible',
        leaderboard: [{ name: 'Time', value: 1 }],
        extra_data: {},
        tests: [
          { score: 2, max_score: 2, name: 'adds', number: '1.1', tags: ['a'], extra_data: {} },
          { score: 0.5, max_score: 2, name: 'divides', output: 'off by one', visibility: 'hidden' },
          { score: 2, max_score: 4, status: 'passed' },
        ],
      }),
    ).toEqual({
      ok: true,
      report: {
        share: 4.5 / 8,
        isPassed: false,
        remark: 'Well done.',
        scale: 1.25,
        expected: 3,
        outputVisibility: 'visible',
        cases: [
          { name: 'adds', outcome: 'passed', score: 2, maxScore: 2, message: null, visibility: 'visible' },
          { name: 'divides', outcome: 'failed', score: 0.5, maxScore: 2, message: 'off by one', visibility: 'hidden' },
          { name: 'case 3', outcome: 'passed', score: 2, maxScore: 4, message: null, visibility: 'visible' },
        ],
      },
    });
  });

  it('takes the score of the whole in place of the sum', () => {
    expect(read({ score: 3, tests: [{ score: 1, max_score: 4 }] })).toMatchObject({ report: { share: 0.75 } });
    expect(read({ score: 8 })).toMatchObject({ report: { share: 0.8, isPassed: false } });
    expect(read({ score: 10 })).toMatchObject({ report: { share: 1, isPassed: true } });
  });

  it('counts penalties and extra credit, and holds the share to 0 and 1', () => {
    expect(read(tests(2, -1))).toMatchObject({ report: { share: 0.25, isPassed: false } });
    expect(read(tests(2, -50))).toMatchObject({ report: { share: 0 } });
    expect(read(tests(2, 9))).toMatchObject({ report: { share: 1, isPassed: true } });
    expect(read({ score: -5 })).toMatchObject({ report: { share: 0, isPassed: false } });
  });

  it('adds fractions up to the whole', () => {
    const tenths = Array.from({ length: 10 }, () => ({ score: 0.1, max_score: 0.1 }));
    expect(read({ tests: tenths })).toMatchObject({ report: { share: 1, isPassed: true } });
  });

  it('passes nothing while a test has failed', () => {
    const failed = [{ score: 2, max_score: 2, status: 'failed' }];
    expect(read({ tests: failed })).toMatchObject({ report: { share: 1, isPassed: false } });
  });

  it('lets tests replace the visibility of the whole, and hides output with it', () => {
    const marked = [
      { score: 1, max_score: 1 },
      { score: 1, max_score: 1, visibility: 'visible' },
    ];
    expect(read({ visibility: 'after_published', output: 'secret', tests: marked })).toMatchObject({
      report: {
        remark: null,
        outputVisibility: 'hidden',
        cases: [{ visibility: 'after_published' }, { visibility: 'visible' }],
      },
    });
  });

  it.each([
    ['a list', '[]', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['nothing', '', 'not JSON'],
    ['NaN', '{"score": NaN}', 'not JSON'],
    ['an infinite number', '{"score": 1e999}', 'must be a number'],
    ['a huge number', '{"score": 1e300}', 'must be a number'],
    ['a score in words', '{"score": "10"}', '`score` must be a number'],
    ['no score', '{"tests": [{"name": "a"}]}', 'no score'],
    ['no score of its own', '{"__proto__": {"score": 10}}', 'no score'],
    ['tests that are none', '{"tests": {"a": 1}}', 'not a list'],
    ['a test that is none', '{"tests": [7]}', 'Test 1 of the results must be a JSON object'],
    ['a negative maximum', '{"tests": [{"score": 1, "max_score": -1}]}', 'below 0'],
    ['a name that is none', '{"tests": [{"score": 1, "name": {}}]}', '`name` must be a text'],
    ['another status', '{"tests": [{"score": 1, "status": "ok"}]}', 'neither "passed" nor "failed"'],
    ['another visibility', '{"score": 1, "visibility": "everyone"}', 'must be one of visible'],
    ['lists without end', '['.repeat(1_000_000), 'not JSON'],
    [
      'deep lists',
      `{"score": 1, "extra_data": ${'['.repeat(300_000)}${']'.repeat(300_000)}, "tests": 1}`,
      'not a list',
    ],
    ['a hundred thousand tests', `{"tests": [${'{},'.repeat(100_000)}{}]}`, 'more than 1000 test cases'],
  ])('refuses %s', (_, text, fault) => {
    const result = readGradescope(bytes(text), 10);
    expect(result.ok ? '' : result.fault).toContain(fault);
  });

  it('refuses bytes that are not UTF-8, and more than 1 MiB', () => {
    expect(readGradescope(Uint8Array.of(0x7b, 0xff), 1)).toMatchObject({
      ok: false,
      fault: 'The results are not UTF-8.',
    });
    expect(readGradescope(new Uint8Array(1_048_577).fill(32), 1)).toMatchObject({ ok: false });
  });

  it('takes a byte order mark', () => {
    expect(readGradescope(bytes('\uFEFF{"score": 1}'), 1)).toMatchObject({ ok: true });
  });
});
