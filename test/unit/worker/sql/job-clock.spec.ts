import { describe, expect, it } from 'vitest';
import type { RunningProgram } from '../../../../src/sandbox/sandbox.js';
import { JobClock } from '../../../../src/worker/sql/job-clock.js';
import { runOutcome } from '../../../support/fake-sandbox.js';

const LIMITS = { cpuTimeMs: 1_000, wallTimeMs: 60_000 };

/** A server that has used `used[0]` milliseconds, which the test may change. */
function server(used: number[], ended: RunningProgram['ended'] = new Promise(() => undefined)): RunningProgram {
  return { stdin: null, stdout: null, ended, cpuTimeMs: () => used[0] ?? 0, stop: () => ended };
}

/** Resolves when the clock ends the job. */
function run(program: RunningProgram, limits = LIMITS, signal = new AbortController().signal) {
  let clock: JobClock | null = null;
  const over = new Promise<void>((resolve) => {
    clock = new JobClock(program, limits, signal, resolve);
    clock.start();
  });
  return { over, clock: clock as unknown as JobClock };
}

/** The clock of a job whose server has ended like this. */
function endOf(outcome: Parameters<typeof runOutcome>[0]): JobClock {
  return run(server([0], Promise.resolve(runOutcome(outcome)))).clock;
}

describe('the clock of a job on a server', () => {
  it('counts what the server used for this job, and ends it at the limit', async () => {
    const used = [5_000];
    const { over, clock } = run(server(used));
    used[0] = 5_999;
    expect(clock.cpuTimeMs).toBe(999);
    expect(clock.reason).toBeNull();
    used[0] = 6_000;
    await over;
    expect(clock.reason).toBe('cpu_limit');
    clock.stop();
    used[0] = 7_000;
    expect(clock.cpuTimeMs).toBe(1_000);
  });

  it('ends what takes too long without using anything', async () => {
    const { over, clock } = run(server([0]), { ...LIMITS, wallTimeMs: 1 });
    await over;
    expect(clock.reason).toBe('wall_limit');
    expect(clock.isOver).toBe(true);
  });

  it('ends a job that is not wanted any longer, without calling that a limit', async () => {
    const wanted = new AbortController();
    const { over, clock } = run(server([0]), LIMITS, wanted.signal);
    wanted.abort();
    await over;
    expect(clock.reason).toBeNull();
    clock.stop();
  });

  it('tells what ended a server', async () => {
    const full = endOf({ kind: 'memory_limit' });
    expect(await full.endOfServer()).toBe('memory_limit');
    const crashed = endOf({ kind: 'signalled', signal: 'SIGSEGV' });
    expect(await crashed.endOfServer()).toBe('other');
    const broken = endOf({ kind: 'sandbox_failure', reason: 'gone' });
    await expect(broken.endOfServer()).rejects.toThrow('The sandbox failed in a database server: gone');
    for (const clock of [full, crashed, broken]) clock.stop();
  });
});
