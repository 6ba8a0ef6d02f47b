import { describe, expect, it } from 'vitest';
import type { CommandTest } from '../../../src/grading/grading-document.js';
import { type CommandRun, judgeCommand } from '../../../src/grading/judge-command.js';
import { bytes, commandTest, programRun } from './builders.js';

const run = (results: readonly string[], overrides: Partial<CommandRun> = {}): CommandRun => ({
  ...programRun(),
  results: results.map(bytes),
  ...overrides,
});
const judge = (test: Partial<CommandTest>, ran: CommandRun) => judgeCommand(commandTest(test), ran);
const gradescope = { format: 'gradescope', output: 'results/results.json' } as const;
const tap = { format: 'tap' } as const;

describe('judgeCommand', () => {
  it('gives all points or none for the exit status', () => {
    expect(judge({}, run([]))).toMatchObject({ verdict: 'accepted', points: 10 });
    expect(judge({}, run([], { exitCode: 1 }))).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(judge({ expect: { exitCode: 42 } }, run([], { exitCode: 42 }))).toMatchObject({ verdict: 'accepted' });
    expect(judge({ expect: { exitCode: 42 } }, run([]))).toMatchObject({ verdict: 'wrong_answer', points: 0 });
  });

  it.each([
    ['cpu_limit', 'time_limit_exceeded'],
    ['wall_limit', 'time_limit_exceeded'],
    ['memory_limit', 'memory_limit_exceeded'],
    ['output_limit', 'output_limit_exceeded'],
    ['signalled', 'runtime_error'],
    ['sandbox_failure', 'judge_error'],
  ] as const)('looks at %s before the results', (kind, verdict) => {
    const ended = run(['{"score": 10}'], { kind, exitCode: null });
    for (const test of [{}, gradescope]) expect(judge(test, ended)).toMatchObject({ verdict, points: 0 });
  });

  it.each([
    ['cpu_limit', 'time_limit_exceeded'],
    ['wall_limit', 'time_limit_exceeded'],
    ['memory_limit', 'memory_limit_exceeded'],
    ['output_limit', 'output_limit_exceeded'],
    ['signalled', 'runtime_error'],
  ] as const)('keeps what TAP told before %s, as parts of the plan', (kind, verdict) => {
    const told = judge(tap, run(['1..4\nok 1 - a\nnot ok 2 - b\nok 3 - c'], { kind, exitCode: null }));
    expect(told).toMatchObject({ verdict, points: 5 });
    expect(told.cases?.map(({ name, points }) => [name, points])).toEqual([
      ['a', 2.5],
      ['b', 0],
      ['c', 2.5],
    ]);
    expect(told.message).toMatch(/stopped|ended by the signal|more/);
    expect(told.message).toContain('2 of 3 cases passed.');
    // Without a plan nobody knows of how many; what is no TAP, or was cut by us, says nothing.
    expect(judge(tap, run(['ok 1 - a'], { kind, exitCode: null })).points).toBe(0);
    expect(judge(tap, run(['TAP version 99'], { kind, exitCode: null }))).toMatchObject({
      verdict,
      points: 0,
      cases: null,
    });
    expect(judge(tap, run([], { kind, exitCode: null }))).toMatchObject({ verdict, points: 0, cases: null });
  });

  it('keeps nothing of TAP where the sandbox failed, or the command ended by itself with the wrong status', () => {
    const results = ['1..2\nok 1\nok 2'];
    expect(judge(tap, run(results, { kind: 'sandbox_failure', exitCode: null }))).toMatchObject({
      verdict: 'judge_error',
      points: 0,
      cases: null,
    });
    expect(judge({ ...tap, expect: { exitCode: 3 } }, run(results))).toMatchObject({ points: 0, cases: null });
  });

  it('never takes a run without a status for one that ended', () => {
    expect(judge(tap, run(['1..1\nok 1'], { exitCode: null }))).toMatchObject({ verdict: 'judge_error', points: 0 });
  });

  it('scales what is reported to the points of the test, in thousandths', () => {
    expect(judge(tap, run(['1..3\nok 1\nok 2\nnot ok 3'], { exitCode: 1 }))).toMatchObject({
      verdict: 'wrong_answer',
      points: 6.667,
    });
    expect(judge(tap, run(['1..1\nok 1']))).toMatchObject({ verdict: 'accepted', points: 10 });
  });

  it('lists the cases with their part of the points, those that did not come counted', () => {
    const { cases, points } = judge(tap, run(['1..4\nok 1 - a\nnot ok 2 - b\n# why\nok 3 # skip later']));
    expect(cases).toEqual([
      { name: 'a', verdict: 'accepted', points: 3.333, maxPoints: 3.333, message: null },
      { name: 'b', verdict: 'wrong_answer', points: 0, maxPoints: 3.334, message: 'why' },
      { name: 'case 3', verdict: 'skipped', points: 0, maxPoints: 0, message: null },
    ]);
    expect(points).toBe(3.333);
    expect(judge(tap, run(['ok 1 - no plan'])).cases).toMatchObject([{ points: 0 }]);
  });

  it('lists cases of a results.json with their scores, and none that it keeps from those who see the test', () => {
    const results = JSON.stringify({
      tests: [
        { name: 'a', score: 1, max_score: 3, output: 'partly' },
        { name: 'b', score: 1, max_score: 1, visibility: 'hidden' },
      ],
    });
    const shown = { name: 'a', verdict: 'wrong_answer', points: 2.5, maxPoints: 7.5, message: 'partly' };
    expect(judge(gradescope, run([results])).cases).toEqual([shown]);
    expect(judge({ ...gradescope, visibility: 'hidden' }, run([results])).cases).toHaveLength(2);
    // Hidden by its word, and yet students are to read its message.
    const feedback = { now: ['name', 'score', 'message', 'expected'], afterDue: [], hint: null } as const;
    expect(judge({ ...gradescope, visibility: 'hidden', feedback }, run([results])).cases).toEqual([shown]);
    expect(judge({}, run([])).cases).toBeNull();
  });

  it('asks for an exit status where the test names one', () => {
    const strict = { ...tap, expect: { exitCode: 3 } };
    expect(judge(strict, run(['1..1\nok 1'], { exitCode: 3 }))).toMatchObject({ verdict: 'accepted' });
    expect(judge(strict, run(['1..1\nok 1']))).toMatchObject({ verdict: 'wrong_answer', points: 0 });
  });

  it('does not believe cases that all passed where the command failed all the same', () => {
    expect(judge(tap, run(['1..1\nok 1'], { exitCode: 1 }))).toMatchObject({ verdict: 'runtime_error', points: 0 });
    const all = JSON.stringify({ score: 10 });
    expect(judge(gradescope, run([all], { exitCode: 1 }))).toMatchObject({ verdict: 'accepted', points: 10 });
  });

  it('gives nothing for results that are missing or unreadable, and says so', () => {
    expect(judge(gradescope, run([]))).toMatchObject({
      verdict: 'wrong_answer',
      points: 0,
      message: expect.stringContaining('left no results in results/results.json') as unknown,
    });
    expect(judge(gradescope, run([], { exitCode: 7 }))).toMatchObject({
      verdict: 'runtime_error',
      message: expect.stringContaining('exit status 7') as unknown,
    });
    expect(judge(gradescope, run(['{']))).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(judge(gradescope, run(['{"score":10}', '{"score":10}']))).toMatchObject({
      verdict: 'wrong_answer',
      points: 0,
    });
  });

  it('lists cases in the message, those that failed first', () => {
    const { message } = judge(tap, run(['1..3\nok 1 - a\nnot ok 2 - b\n# why\nok 3 - c # skip'], { exitCode: 1 }));
    expect(message).toBe('1 of 2 cases passed.\nfailed: b\n    why\npassed: a\nnoted: c');
  });

  it('keeps from students what a results.json hides, and shows it where only staff look', () => {
    const results = JSON.stringify({
      tests: [
        { name: 'open', score: 1, max_score: 1 },
        { name: 'edge', score: 0, max_score: 1, output: 'the answer is 42', visibility: 'hidden' },
        { name: 'late', score: 1, max_score: 1, visibility: 'after_due_date' },
      ],
    });
    const seen = (visibility: CommandTest['visibility']) => judge({ ...gradescope, visibility }, run([results]));
    expect(seen('visible')).toMatchObject({
      message: '1 of 1 cases passed.\npassed: open (1 of 1)',
      points: 6.667,
      showsOutput: false,
    });
    expect(seen('after-due').message).toContain('late');
    expect(seen('after-due').message).not.toContain('edge');
    expect(seen('after-due').showsOutput).toBe(false);
    for (const visibility of ['hidden', 'secret'] as const) {
      expect(seen(visibility).message).toContain('the answer is 42');
      expect(seen(visibility).showsOutput).toBe(true);
    }
  });

  it('keeps the output back where the results that could open it are broken or cut short', () => {
    expect(judge(gradescope, run(['{'])).showsOutput).toBe(false);
    expect(judge(gradescope, run([], { kind: 'wall_limit', exitCode: null })).showsOutput).toBe(false);
    const open = JSON.stringify({ score: 1, stdout_visibility: 'visible' });
    expect(judge(gradescope, run([open])).showsOutput).toBe(true);
    expect(judge(tap, run(['?'])).showsOutput).toBe(true);
  });

  it('cuts a long message with a marker', () => {
    const cases = Array.from({ length: 1_000 }, (_, index) => `not ok ${index + 1} - ${'x'.repeat(150)}`);
    const { message } = judge(tap, run([['1..1000', ...cases].join('\n')]));
    expect(message).toMatch(/… \[\d+ bytes cut\]$/);
    expect(message?.length).toBeLessThan(9_000);
  });
});
