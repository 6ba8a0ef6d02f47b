import { describe, expect, it } from 'vitest';
import type { RunOutcome, RunOutcomeKind } from '../../../src/sandbox/run-outcome.js';
import { judgeProgram } from '../../../src/grading/judge-program.js';
import { DEFAULT_LIMITS } from '../../../src/grading/limits.js';
import { bytes, expectation, programRun, programTest } from './builders.js';

const test = programTest({ points: 2.5, expect: expectation({ stdout: '3\n' }) });
const right = { stdout: bytes('3\n') };

describe('judgeProgram', () => {
  it('gives all points for the expected output', () => {
    expect(judgeProgram(test, programRun(right))).toEqual({ verdict: 'accepted', points: 2.5, message: null });
  });

  it('takes what the sandbox reports as it is', () => {
    const outcome: RunOutcome = {
      kind: 'exited',
      exitCode: 0,
      signal: null,
      cpuTimeMs: 1,
      wallTimeMs: 1,
      peakMemoryKiB: 1,
      stdout: Buffer.from('3\n'),
      stderr: Buffer.from(''),
      stdoutTruncated: false,
      stderrTruncated: false,
      reason: null,
    };
    expect(judgeProgram(test, outcome).verdict).toBe('accepted');
  });

  it.each<[RunOutcomeKind, string, string]>([
    ['cpu_limit', 'time_limit_exceeded', '2000 ms'],
    ['wall_limit', 'time_limit_exceeded', '6000 ms'],
    ['memory_limit', 'memory_limit_exceeded', '256 MiB'],
    ['output_limit', 'output_limit_exceeded', '1024 KiB'],
  ])('turns %s into %s, though the output is right, and names the figure', (kind, verdict, named) => {
    const judgement = judgeProgram(test, programRun({ ...right, kind, exitCode: null }), DEFAULT_LIMITS);
    expect(judgement).toMatchObject({ verdict, points: 0 });
    expect(judgement.message).toContain(named);
    expect(judgeProgram(test, programRun({ ...right, kind, exitCode: null })).message).not.toMatch(/undefined|\(\)/);
  });

  it('never blames the student for a sandbox that failed, and tells nothing of the machine', () => {
    const judgement = judgeProgram(test, programRun({ ...right, kind: 'sandbox_failure', exitCode: null }));
    expect(judgement).toMatchObject({ verdict: 'judge_error', points: 0 });
    expect(judgement.message).toContain('a fault in Assay');
  });

  it('never accepts a run that ended in no known way', () => {
    expect(judgeProgram(test, programRun({ ...right, exitCode: null })).verdict).toBe('judge_error');
  });

  it('never accepts output that was cut', () => {
    expect(judgeProgram(test, programRun({ ...right, stdoutTruncated: true })).verdict).toBe('output_limit_exceeded');
    expect(judgeProgram(test, programRun({ ...right, stderrTruncated: true })).verdict).toBe('output_limit_exceeded');
    const killed = programRun({ kind: 'signalled', exitCode: null, signal: 'SIGPIPE', stdoutTruncated: true });
    expect(judgeProgram(test, killed).verdict).toBe('output_limit_exceeded');
  });

  it('takes a signal for a runtime error, also where an exit status was expected', () => {
    const run = programRun({ ...right, kind: 'signalled', exitCode: null, signal: 'SIGSEGV' });
    expect(judgeProgram(test, run)).toMatchObject({ verdict: 'runtime_error', points: 0 });
    expect(judgeProgram(test, run).message).toContain('SIGSEGV (it used memory that is not its own)');
    const expecting = programTest({ expect: expectation({ exitCode: 139 }) });
    expect(judgeProgram(expecting, run).verdict).toBe('runtime_error');
  });

  describe('looks at the exit status before the output', () => {
    it('another than 0 is a runtime error', () => {
      expect(judgeProgram(test, programRun({ ...right, exitCode: 1 }))).toEqual({
        verdict: 'runtime_error',
        points: 0,
        message: 'The program ended with exit status 1 instead of 0.',
      });
      expect(judgeProgram(test, programRun({ ...right, exitCode: 127 })).message).toContain(
        'the command was not found',
      );
    });

    it('another than the one asked for is a wrong answer, also when 0 was asked for', () => {
      for (const exitCode of [0, 2]) {
        const asking = programTest({ expect: expectation({ exitCode }) });
        expect(judgeProgram(asking, programRun({ exitCode })).verdict).toBe('accepted');
        expect(judgeProgram(asking, programRun({ exitCode: 1 })).verdict).toBe('wrong_answer');
      }
    });
  });

  it('compares standard output, then standard error, in the same way', () => {
    const both = programTest({
      expect: expectation({ stdout: 'Out', stderr: 'Err', compare: 'tokens', caseSensitive: false }),
    });
    const judge = (stdout: string, stderr: string) =>
      judgeProgram(both, programRun({ stdout: bytes(stdout), stderr: bytes(stderr) }));
    expect(judge('out', 'ERR\n').verdict).toBe('accepted');
    expect(judge('x', 'y').message).toBe('Standard output: expected "Out" as word 1, got "x" on line 1');
    expect(judge('out', 'y').message).toBe('Standard error: expected "Err" as word 1, got "y" on line 1');
  });

  it('asks for nothing but the exit status where nothing is expected', () => {
    const silent = programTest();
    expect(judgeProgram(silent, programRun({ stdout: bytes('whatever'), stderr: bytes('x') })).verdict).toBe(
      'accepted',
    );
    expect(judgeProgram(silent, programRun({ exitCode: 1 })).verdict).toBe('runtime_error');
  });

  it('takes an expected empty output for an expectation', () => {
    const quiet = programTest({ expect: expectation({ stdout: '' }) });
    expect(judgeProgram(quiet, programRun()).verdict).toBe('accepted');
    expect(judgeProgram(quiet, programRun({ stdout: bytes('x') })).verdict).toBe('wrong_answer');
  });
});
