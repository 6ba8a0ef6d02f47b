import { describe, expect, it } from 'vitest';
import type { LintTest } from '../../../../src/grading/grading-document.js';
import type { RunOutcome } from '../../../../src/sandbox/run-outcome.js';
import { gradeLint } from '../../../../src/worker/graders/lint/lint.js';
import { lintStep } from '../../../../src/worker/graders/lint/lint-step.js';
import { GradingFault } from '../../../../src/worker/grading-fault.js';
import { runOutcome } from '../../../support/fake-sandbox.js';
import { gradingSession } from '../../../support/grading-session.js';
import { lintTest } from '../../grading/builders.js';

const SUBMITTED = [{ path: 'main.py', content: Buffer.from('x = 1\n') }];

async function graded(test: Partial<LintTest>, outcome: RunOutcome, submitted = SUBMITTED) {
  const session = gradingSession(() => outcome, { submitted });
  return { result: await gradeLint(session, lintTest(test)), steps: session.sandbox.steps };
}

const reporting = (value: unknown): RunOutcome => ({ ...runOutcome(), report: Buffer.from(JSON.stringify(value)) });

describe('gradeLint', () => {
  it('gives a tool the text of files and takes its findings from the report', async () => {
    const findings = [{ file: 0, line: 1, column: 2, rule: 'D100', message: 'Missing.' }];
    const { result, steps } = await graded({ tool: 'docstrings' }, reporting({ findings }));
    expect(result).toMatchObject({ kind: 'lint', verdict: 'wrong_answer', points: 0, exitCode: null, stdout: null });
    expect(result.message).toContain('main.py:1:2 D100 Missing.');
    expect(steps[0]).toMatchObject({ reports: true, showsProtected: true });
    expect(steps[0]?.stdin.toString()).toContain('"text":"x = 1\\n"');
  });

  it('starts nothing where there is nothing to check, and for what it looks at itself', async () => {
    const files = { required: [], forbidden: [], shebang: [], executable: [], finalNewline: ['**/*.py'] };
    const looked = await graded({ tool: 'files', paths: [], files }, runOutcome());
    expect(looked.result).toMatchObject({ verdict: 'accepted', points: 10 });
    const none = await graded({ tool: 'docstrings' }, runOutcome(), []);
    expect(none.result).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect([...looked.steps, ...none.steps]).toEqual([]);
  });

  it.each([
    ['a sandbox that failed', runOutcome({ kind: 'sandbox_failure' })],
    ['a tool that cannot work', reporting({ fault: 'no such rule' })],
  ])('blames nobody for %s', async (_, outcome) => {
    await expect(graded({ tool: 'docstrings' }, outcome)).rejects.toThrow(GradingFault);
  });
});

describe('lintStep', () => {
  const shellcheck = {
    key: 'shellcheck',
    version: '1',
    available: true,
    reason: null,
    program: '/usr/bin/shellcheck',
    library: null,
  } as const;
  const script = '#!/bin/sh\n#  shellcheck disable=all\necho "# shellcheck x"; é\n';
  const step = (test: Partial<LintTest>) =>
    lintStep(lintTest({ tool: 'shellcheck', ...test }), shellcheck, [
      { path: 'a;b $(c).bash', content: Buffer.from(script), text: script },
    ]);

  it('tells ShellCheck no name, and takes the directives from comments in their place', () => {
    const { argv, stdin } = step({ shell: 'sh' });
    expect(argv.slice(3)).toEqual(['sh', '/usr/bin/shellcheck', 'sh', String(Buffer.byteLength(script)), '.bash']);
    expect(stdin.toString()).not.toContain('# shellcheck');
    expect(stdin.length).toBe(Buffer.byteLength(script));
  });

  it('leaves them where they may stand', () => {
    expect(step({ inlineDisable: true }).stdin.toString()).toBe(script);
  });
});
