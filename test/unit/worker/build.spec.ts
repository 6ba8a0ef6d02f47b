import { describe, expect, it } from 'vitest';
import { build } from '../../../src/worker/build.js';
import { GradingFault } from '../../../src/worker/grading-fault.js';
import { runOutcome } from '../../support/fake-sandbox.js';
import { gradingDocument, gradingSession, runtime } from '../../support/grading-session.js';

const compiled = runtime({ key: 'c', build: 'gcc -o program *.c' });

describe('build', () => {
  it('does nothing where neither document nor runtime build', async () => {
    const session = gradingSession(() => runOutcome());
    expect(await build(session)).toEqual({ isBuilt: true, output: null });
    expect(session.sandbox.steps).toEqual([]);
  });

  it("runs the runtime's default build and keeps what it leaves", async () => {
    const session = gradingSession(() => runOutcome({ stderr: 'warning: unused' }), { runtime: compiled });
    expect(await build(session)).toEqual({ isBuilt: true, output: 'warning: unused' });
    expect(session.sandbox.steps[0]).toMatchObject({ argv: ['/bin/sh', '-c', 'gcc -o program *.c'], keepFiles: true });
  });

  it("runs the document's build instead, with its time and no less than a compiler needs", async () => {
    const document = gradingDocument({
      build: { run: 'make', timeMs: 3_000 },
      limits: { memoryMiB: 64, processes: 2 },
    });
    const session = gradingSession(() => runOutcome(), { runtime: compiled, document });
    await build(session);
    expect(session.sandbox.steps[0]).toMatchObject({
      argv: ['/bin/sh', '-c', 'make'],
      limits: { cpuTimeMs: 3_000, memoryMiB: 512, processes: 128 },
    });
  });

  it("lays the instructor's files again over what the build made", async () => {
    const session = gradingSession(
      () => {
        session.sandbox.files.set('data.csv', Buffer.from('forged'));
        return runOutcome();
      },
      { runtime: compiled, laidBeside: [{ path: 'data.csv', content: Buffer.from('right') }] },
    );
    await build(session);
    expect(session.sandbox.files.get('data.csv')?.toString()).toBe('right');
  });

  it.each([
    [runOutcome({ exitCode: 2, stderr: 'main.c:1: error' }), 'main.c:1: error\nThe build ended with exit status 2.'],
    [runOutcome({ kind: 'signalled', signal: 'SIGSEGV' }), 'The build was ended by the signal SIGSEGV.'],
    [runOutcome({ kind: 'cpu_limit' }), 'The build used more CPU time than it may (10000 ms) and was stopped.'],
    [runOutcome({ kind: 'wall_limit' }), 'The build ran longer than it may (31000 ms) and was stopped.'],
    [runOutcome({ kind: 'memory_limit' }), 'The build used more memory than it may (512 MiB) and was stopped.'],
    [runOutcome({ kind: 'output_limit' }), 'The build wrote more output than it may (1024 KiB) and was stopped.'],
  ])('is no build when it ended with %o', async (outcome, output) => {
    expect(await build(gradingSession(() => outcome, { runtime: compiled }))).toEqual({ isBuilt: false, output });
  });

  it('does not blame the student for a sandbox that failed', async () => {
    const session = gradingSession(() => runOutcome({ kind: 'sandbox_failure', reason: 'gone' }), {
      runtime: compiled,
    });
    await expect(build(session)).rejects.toThrow(GradingFault);
  });
});
