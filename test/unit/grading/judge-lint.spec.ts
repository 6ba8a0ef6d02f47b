import { describe, expect, it } from 'vitest';
import type { LintTest } from '../../../src/grading/grading-document.js';
import { judgeLint, judgeNothing, type LintRun } from '../../../src/grading/judge-lint.js';
import { aboutFile, type LintFinding, unchecked } from '../../../src/grading/lint/lint-finding.js';
import { readLintReport } from '../../../src/grading/lint/read-lint-report.js';
import { bytes, lintTest, programRun } from './builders.js';

const found = (...rules: string[]): LintFinding[] => rules.map((rule) => aboutFile('main.py', rule, 'Said.'));
const judged = (test: Partial<LintTest>, findings: readonly LintFinding[], run: LintRun | null = null) => {
  const outcome = judgeLint(lintTest(test), findings, run);
  return outcome.ok ? outcome.judgement : outcome.reason;
};
const ran = (overrides: Partial<LintRun>): LintRun => ({
  ...programRun(),
  report: { kind: 'findings', findings: [], hasMore: false },
  ...overrides,
});

describe('judgeLint', () => {
  it('takes everything for any finding where nothing says otherwise', () => {
    expect(judged({}, [])).toEqual({ verdict: 'accepted', points: 10, message: null });
    expect(judged({}, found('E501'))).toEqual({
      verdict: 'wrong_answer',
      points: 0,
      message: '1 finding; 0 of 10 points.\nmain.py E501 Said.',
    });
  });

  const deductions = [
    { match: 'E501', points: 0, max: null },
    { match: 'E5*', points: 0.1, max: 0.25 },
    { match: 'W*', points: 3, max: null },
  ];

  it.each([
    [['E501'], 10],
    [['E502'], 9.9],
    [['E502', 'E503', 'E504'], 9.75],
    [['W1', 'E502'], 6.9],
    [['W1', 'W1', 'W1', 'W1'], 2],
    [['F1'], 10],
  ])('takes off for %j what the first deduction that matches says: %d are left', (rules, points) => {
    const judgement = judged({ deductions, floor: 2 }, found(...rules));
    expect(judgement).toMatchObject({ points, verdict: points === 10 ? 'accepted' : 'wrong_answer' });
  });

  it('counts neither what is ignored nor what is not selected', () => {
    expect(judged({ select: ['E*'], ignore: ['E5*'] }, found('W1', 'E501'))).toMatchObject({ verdict: 'accepted' });
    expect(judged({ select: ['E*'], ignore: ['E5*'] }, found('E1'))).toMatchObject({ points: 0 });
  });

  it('gives nothing where a file could not be checked, whatever is ignored and whatever the floor', () => {
    const findings = [...found('E502'), unchecked('a.py', 'syntax-error', 'Broken.', 3)];
    const judgement = judged({ deductions, floor: 2, ignore: ['*'] }, findings);
    expect(judgement).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(judgement).toHaveProperty('message', '1 finding; 0 of 10 points.\na.py:3 syntax-error Broken.');
    expect(judgeNothing(lintTest({ floor: 2, deductions }))).toMatchObject({ verdict: 'wrong_answer', points: 0 });
  });

  it('gives the floor where there are more findings than are counted', () => {
    const report = { kind: 'findings', findings: [], hasMore: true } as const;
    expect(judged({ deductions, floor: 2 }, [], ran({ report }))).toMatchObject({ points: 2 });
    expect(judged({ deductions, floor: 2 }, [], ran({ kind: 'output_limit' }))).toMatchObject({ points: 2 });
  });

  it.each([
    ['cpu_limit', 'time_limit_exceeded'],
    ['wall_limit', 'time_limit_exceeded'],
    ['memory_limit', 'memory_limit_exceeded'],
    ['signalled', 'runtime_error'],
    ['sandbox_failure', 'judge_error'],
  ] as const)('gives nothing to what ends its check by %s', (kind, verdict) => {
    const run = ran({ kind, exitCode: null, report: { kind: 'unreadable' } });
    expect(judged({ deductions, floor: 2 }, [], run)).toMatchObject({ verdict, points: 0 });
  });

  it('gives nothing where the tool failed, and says what it said', () => {
    const report = { kind: 'unreadable' } as const;
    const failed = judged({}, [], ran({ exitCode: 2, stderr: bytes('a\nout of\u0007luck\n'), report }));
    expect(failed).toMatchObject({ verdict: 'runtime_error', points: 0 });
    expect(failed).toHaveProperty('message', expect.stringMatching(/exit status 2.*It said: out of luck$/));
    expect(judged({}, [], ran({ report }))).toMatchObject({ verdict: 'runtime_error', points: 0 });
  });

  it('blames nobody for a tool that cannot work', () => {
    const report = { kind: 'tool-fault', reason: 'no such rule' } as const;
    expect(judged({ tool: 'eslint' }, [], ran({ report }))).toBe('ESLint cannot work: no such rule');
  });

  it('tells of both, what was found before and what the tool found', () => {
    const run = ran({ exitCode: 1, report: { kind: 'findings', findings: found('E2'), hasMore: false } });
    expect(judged({}, found('E1'), run)).toHaveProperty('message', expect.stringMatching(/^2 findings/));
  });
});

describe('readLintReport', () => {
  const files = [{ path: 'a b.py', content: bytes('') }];
  const read = (tool: LintTest['tool'], value: unknown) =>
    readLintReport(tool, bytes(typeof value === 'string' ? value : JSON.stringify(value)), files);

  it('reads findings of a harness, as plain lines', () => {
    const item = { file: 0, line: 2, column: 0, rule: 'E1', message: `a\n\u0007b${'x'.repeat(500)}` };
    expect(read('pycodestyle', { findings: [item] })).toMatchObject({
      findings: [{ path: 'a b.py', line: 2, column: null, rule: 'E1', message: expect.stringMatching(/^a bx{297}…$/) }],
      hasMore: false,
    });
  });

  it('reads what ShellCheck writes', () => {
    const comment = { file: '0.sh', line: 1, column: 2, level: 'info', code: 2086, message: 'Quote.' };
    expect(read('shellcheck', { comments: [comment, { ...comment, code: 1072 }] })).toMatchObject({
      findings: [{ path: 'a b.py', rule: 'SC2086', isUnchecked: false }, { isUnchecked: true }],
    });
  });

  it.each(['', 'null', '[]', '{}', '{"findings": [1]}', '{"findings": [{"file": 7, "rule": "a", "message": "b"}]}'])(
    'does not take %j for a report',
    (report) => {
      expect(read('pycodestyle', report)).toEqual({ kind: 'unreadable' });
    },
  );

  it('stops at as many findings as are counted', () => {
    const report = read('eslint', {
      findings: Array.from({ length: 6_000 }, () => ({ file: 0, rule: 'a', message: 'b' })),
    });
    expect(report).toMatchObject({ kind: 'findings', hasMore: true });
  });
});
