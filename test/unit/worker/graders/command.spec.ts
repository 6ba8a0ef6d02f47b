import { describe, expect, it } from 'vitest';
import type { CommandTest } from '../../../../src/grading/grading-document.js';
import type { RunOutcome } from '../../../../src/sandbox/run-outcome.js';
import { gradeCommand } from '../../../../src/worker/graders/command.js';
import { resultsOf } from '../../../../src/worker/graders/command-step.js';
import { GradingFault } from '../../../../src/worker/grading-fault.js';
import { runOutcome } from '../../../support/fake-sandbox.js';
import { gradingDocument, gradingSession } from '../../../support/grading-session.js';
import { commandTest } from '../../grading/builders.js';

async function graded(test: Partial<CommandTest>, outcome: RunOutcome) {
  const session = gradingSession(() => outcome, { document: gradingDocument() });
  return { result: await gradeCommand(session, commandTest(test)), steps: session.sandbox.steps };
}

describe('gradeCommand', () => {
  it('runs the command in a shell, sees the protected files, and reports only where there is a file', async () => {
    const { result, steps } = await graded({ args: ['a; b'] }, runOutcome({ stdout: 'fine' }));
    expect(result).toMatchObject({ kind: 'command', verdict: 'accepted', points: 10, stdout: 'fine', expected: null });
    expect(steps[0]).toMatchObject({
      argv: ['/bin/sh', '-c', 'sh grade.sh', 'sh', 'a; b'],
      reports: false,
      showsProtected: true,
    });
    expect(steps[0]?.keepFiles).toBeUndefined();
  });

  it('reads the file that the report carries', async () => {
    const test = { format: 'gradescope', output: 'results/results.json' } as const;
    const outcome = { ...runOutcome({ stdout: 'for staff' }), report: Buffer.from('\0{"score": 5}') };
    const { result, steps } = await graded(test, outcome);
    expect(result).toMatchObject({ verdict: 'wrong_answer', points: 5, stdout: null, stderr: null });
    expect(steps[0]?.reports).toBe(true);
  });

  it('blames nobody for a sandbox that failed', async () => {
    await expect(graded({}, runOutcome({ kind: 'sandbox_failure' }))).rejects.toThrow(GradingFault);
  });
});

const files = (report: string): string[] =>
  resultsOf(commandTest({ output: 'x' }), { ...runOutcome(), report: Buffer.from(report) }).map(String);

describe('resultsOf', () => {
  it('divides a report at its NULs, and leaves out what stands before the first', () => {
    expect(files('')).toEqual([]);
    expect(files('forged')).toEqual([]);
    expect(files('\0')).toEqual(['']);
    expect(files('\0a\0\0b')).toEqual(['a', '', 'b']);
  });

  it('stops at one file too many', () => {
    expect(files('\0'.repeat(100_000))).toHaveLength(201);
  });
});
