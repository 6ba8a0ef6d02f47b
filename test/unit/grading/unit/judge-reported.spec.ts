import { describe, expect, it } from 'vitest';
import type { ReportedUnitTest } from '../../../../src/grading/grading-document.js';
import type { CommandRun } from '../../../../src/grading/judge-command.js';
import { judgeReported } from '../../../../src/grading/unit/judge-reported.js';
import { bytes, programRun } from '../builders.js';

const unitTest = (overrides: Partial<ReportedUnitTest> = {}): ReportedUnitTest => ({
  kind: 'unit',
  name: 'suite',
  description: null,
  points: 8,
  visibility: 'visible',
  framework: 'tap',
  run: 'sh suite.sh',
  args: [],
  output: null,
  perCase: null,
  expectedCases: null,
  isolated: false,
  tamperProof: false,
  limits: {},
  ...overrides,
});
const run = (results: readonly string[], overrides: Partial<CommandRun> = {}): CommandRun => ({
  ...programRun(),
  results: results.map(bytes),
  ...overrides,
});

describe('judgeReported', () => {
  it('shares the points among the cases', () => {
    expect(judgeReported(unitTest(), run(['1..2\nok 1 - a\nnot ok 2 - b'], { exitCode: 1 }))).toMatchObject({
      verdict: 'wrong_answer',
      points: 4,
    });
    expect(judgeReported(unitTest(), run(['1..1\nok 1 - a']))).toMatchObject({ verdict: 'accepted', points: 8 });
  });

  it('keeps what TAP told before a limit ended it', () => {
    const late = run(['1..4\nok 1 - a\nok 2 - b\nnot ok 3 - c'], { kind: 'wall_limit', exitCode: null });
    const judged = judgeReported(unitTest(), late);
    expect(judged).toMatchObject({ verdict: 'time_limit_exceeded', points: 4 });
    expect(judged.message).toContain('The program ran longer than it may');
    expect(judged.cases.map(({ verdict }) => verdict).slice(0, 3)).toEqual(['accepted', 'accepted', 'wrong_answer']);
  });

  it('keeps nothing of what cannot be read then, or is told as a whole', () => {
    const late = { kind: 'wall_limit', exitCode: null } as const;
    const nothing = { verdict: 'time_limit_exceeded', points: 0, cases: [] };
    expect(judgeReported(unitTest(), run([], late))).toMatchObject(nothing);
    expect(judgeReported(unitTest(), run(['TAP version 99'], late))).toMatchObject(nothing);
    const xml = '<testsuite tests="1"><testcase name="a"/></testsuite>';
    expect(judgeReported(unitTest({ framework: 'junit-xml' }), run([xml], late))).toMatchObject(nothing);
  });
});
