import { describe, expect, it } from 'vitest';
import type { CheckerRun } from '../../../src/grading/judge-checker.js';
import { judgeInteraction } from '../../../src/grading/judge-interaction.js';
import type { ProgramRun } from '../../../src/grading/judge-program.js';
import { programRun, programTest } from './builders.js';

const test = programTest({ points: 4 });

function verdict(first: 'submission' | 'checker', run: Partial<ProgramRun>, exitCode: number): string {
  const checker: CheckerRun = { kind: 'exited', exitCode, signal: null, stderr: new Uint8Array(), feedback: new Map() };
  const judged = judgeInteraction(test, { submission: programRun(run), checker, first });
  return judged.ok ? `${judged.verdict} ${judged.points}` : 'fault';
}

const late = { kind: 'wall_limit', exitCode: null } as const;

describe('judgeInteraction', () => {
  it.each([
    ['submission', {}, 42, 'accepted 4'],
    ['submission', {}, 43, 'wrong_answer 0'],
    ['submission', {}, 1, 'fault'],
    ['submission', { exitCode: 1 }, 42, 'runtime_error 0'],
    ['submission', { exitCode: 1 }, 43, 'runtime_error 0'],
    ['submission', { exitCode: 1 }, 1, 'runtime_error 0'],
    ['submission', late, 43, 'time_limit_exceeded 0'],
    ['submission', late, 1, 'time_limit_exceeded 0'],
    ['checker', {}, 42, 'accepted 4'],
    ['checker', { exitCode: 1 }, 42, 'runtime_error 0'],
    ['checker', late, 42, 'time_limit_exceeded 0'],
    ['checker', { exitCode: 1 }, 43, 'wrong_answer 0'],
    ['checker', late, 43, 'wrong_answer 0'],
    ['checker', { exitCode: 1 }, 1, 'fault'],
  ] as const)('where the %s ended first, %j with %i is %s', (first, run, exitCode, expected) => {
    expect(verdict(first, run, exitCode)).toBe(expected);
  });
});
