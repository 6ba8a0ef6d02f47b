import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../../../src/sandbox/run-outcome.js';
import type { SandboxStep } from '../../../../src/sandbox/sandbox.js';
import { gradeMutation } from '../../../../src/worker/graders/mutation/mutation.js';
import { GradingFault } from '../../../../src/worker/grading-fault.js';
import { runOutcome } from '../../../support/fake-sandbox.js';
import { gradingDocument, gradingSession } from '../../../support/grading-session.js';
import { mutationTest } from '../../grading/builders.js';

const MUTANTS = ['m1', 'm2', 'm3'].map((id) => ({
  id,
  description: null,
  files: [{ path: 'a.py', content: id }],
  replace: [],
}));
const TEST = mutationTest({ mutants: MUTANTS, minTests: 0 });
const REWRITTEN = { bases: {}, mutants: [], rewrites: [{ 'a.py': 'again' }, { 'a.py': 'anew' }] };
const isGenerator = ({ showsProtected }: SandboxStep): boolean => showsProtected === true;

/** Grades a suite that ends on each text of the reference as `status` says. */
async function graded(status: (source: string, runs: number) => number, generator: unknown = REWRITTEN, probe = 0) {
  const seen: string[] = [];
  const respond = (step: SandboxStep): RunOutcome => {
    if (isGenerator(step)) return { ...runOutcome(), report: Buffer.from(JSON.stringify(generator)) };
    if (step.argv.includes('import pytest')) return runOutcome({ exitCode: probe });
    seen.push(session.sandbox.files.get('a.py')?.toString() ?? '');
    return runOutcome({ exitCode: status(seen.at(-1) ?? '', seen.length), stdout: 'secret' });
  };
  const files = [{ path: 'a.py', content: 'reference', hidden: true }];
  const session = gradingSession(respond, {
    document: gradingDocument({ files }),
    submitted: [{ path: 'test_a.py', content: Buffer.from('') }],
    laidBeside: [{ path: 'a.py', content: Buffer.from('reference') }],
  });
  const result = await gradeMutation(session, TEST);
  return { result, seen, left: session.sandbox.files.get('a.py')?.toString() };
}

describe('gradeMutation', () => {
  it('runs the suite on the reference, on every mutant, on rewrites of the reference, and on one of these last', async () => {
    const { result, seen, left } = await graded((source) => (/m[12]/.test(source) ? 1 : 0));
    expect(result).toMatchObject({ verdict: 'wrong_answer', points: 6.667, stdout: null, stderr: null });
    expect(seen[0]).toBe('reference');
    expect(seen.toSorted()).toEqual(['again', 'anew', 'm1', 'm2', 'm3', 'reference']);
    expect(seen.at(-1)).toBe('again');
    expect(result.cases?.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'm1 accepted',
      'm2 accepted',
      'm3 wrong_answer',
    ]);
    expect(left).toBe('reference');
  });

  it.each([
    ['is the reference letter for letter', (source: string) => (source === 'reference' ? 0 : 1)],
    ['comes first', (_: string, runs: number) => (runs === 1 ? 0 : 1)],
  ])('gives nothing to a suite that passes what %s', async (_, status) => {
    const { result } = await graded(status);
    expect(result).toMatchObject({ verdict: 'wrong_answer', points: 0, cases: null });
    expect(result.message).toContain('each time');
  });

  it('blames nobody for a framework that is missing, or a reference that no mutants can be made of', async () => {
    await expect(graded(() => 1, REWRITTEN, 1)).rejects.toThrow(GradingFault);
    await expect(graded(() => 0, { fault: 'no Python' })).rejects.toThrow('no Python');
    expect((await graded(() => 1)).result).toMatchObject({ verdict: 'wrong_answer', points: 0 });
  });
});
