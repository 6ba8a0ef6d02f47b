import { chmod, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { BubblewrapSandbox, type BubblewrapSandboxOptions } from '../../src/sandbox/bubblewrap-sandbox.js';
import { RenewableSandbox } from '../../src/sandbox/renewable-sandbox.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import type { SandboxStep } from '../../src/sandbox/sandbox.js';
import { runSelfTest } from '../../src/sandbox/self-test/self-test.js';
import { probeLimits } from '../../src/sandbox/self-test/probe-limits.js';
import { SandboxGuard, type SandboxState } from '../../src/worker/sandbox-guard.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { createSmallDisk } from '../support/small-disk.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';

const BUBBLEWRAP = '/usr/bin/bwrap';

const shell = (script: string): SandboxStep => ({
  argv: ['/bin/sh', '-c', script],
  stdin: Buffer.from('input'),
  environment: {},
  limits: probeLimits(),
});

/** A worker's sandbox with its guard, and what an operator hears of it. */
class GuardedSandbox {
  readonly sandbox: RenewableSandbox;
  readonly states: SandboxState[] = [];
  private readonly guard: SandboxGuard;

  constructor(options: Partial<BubblewrapSandboxOptions>) {
    this.sandbox = new RenewableSandbox(
      () => new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 2, ...options }),
    );
    this.guard = new SandboxGuard(this.sandbox);
  }

  start(): Promise<void> {
    return this.guard.start((state) => this.states.push(state));
  }

  async run(step: SandboxStep): Promise<RunOutcome> {
    const session = await this.sandbox.open({ runtime: 'bash', network: 'none' });
    try {
      return await session.run(step);
    } finally {
      await session.close();
    }
  }

  becomes(isUsable: boolean): Promise<SandboxState> {
    return waitFor(() => this.states.at(-1)?.isUsable === isUsable && this.states.at(-1), {
      until: `the sandbox is ${isUsable ? '' : 'not '}usable`,
      timeoutMs: 50_000,
    });
  }

  async stop(): Promise<void> {
    await this.guard.stop();
    await this.sandbox.shutDown();
  }
}

const guarded: GuardedSandbox[] = [];
function guard(options: Partial<BubblewrapSandboxOptions>): GuardedSandbox {
  const made = new GuardedSandbox(options);
  guarded.push(made);
  return made;
}

// Complaints are made on purpose here.
beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error', 'fatal']));
afterEach(async () => {
  await Promise.all(guarded.splice(0).map((one) => one.stop()));
});

const ways = [
  { way: 'supervised', supervisor: requiredSupervisor() },
  { way: 'separate', supervisor: null },
] as const;

describe('bubblewrap', () => {
  let folder: TemporaryFolder;
  let place: string;
  beforeAll(async () => {
    folder = await createTemporaryFolder();
    await chmod(folder.path, 0o755);
    place = join(folder.path, 'bwrap');
  });
  afterEach(() => rm(place, { force: true }));
  afterAll(() => folder.remove());

  it('that is not installed keeps the worker from grading until it is', async () => {
    const worker = guard({ bubblewrap: place });
    await worker.start();
    expect(worker.states).toMatchObject([{ isUsable: false, failing: ['sandbox'] }]);
    expect(worker.states[0]?.reason).toContain('apt-get install bubblewrap');
    await expect(worker.run(shell(':'))).rejects.toMatchObject({ code: 'sandbox_unavailable' });
    await symlink(BUBBLEWRAP, place);
    expect(await worker.becomes(true)).toMatchObject({ reason: null, failing: [], selfTest: { passed: true } });
    expect(await worker.run(shell(':'))).toMatchObject({ kind: 'exited', exitCode: 0 });
  });

  it('that is too old is named, with the version that is needed', async () => {
    // As an old one speaks of the first option that it does not know.
    await writeFile(place, '#!/bin/sh\necho "bwrap: Unknown option --perms" >&2\nexit 1\n', { mode: 0o755 });
    const worker = guard({ bubblewrap: place });
    await worker.start();
    expect(worker.states[0]).toMatchObject({ isUsable: false });
    expect(worker.states[0]?.reason).toMatch(/Unknown option --perms.*0\.8 or later/);
  });

  it('that vanishes is our fault, and its return is noticed', async () => {
    await symlink(BUBBLEWRAP, place);
    const worker = guard({ bubblewrap: place });
    await worker.start();
    await worker.becomes(true);
    await rm(place);
    expect(await worker.run(shell(':'))).toMatchObject({
      kind: 'sandbox_failure',
      reason: expect.stringContaining('apt-get install bubblewrap'),
    });
    expect((await worker.becomes(false)).reason).toContain('apt-get install bubblewrap');
    await symlink(BUBBLEWRAP, place);
    await worker.becomes(true);
  });
});

describe('cgroups that are not delegated', () => {
  it('weaken the memory limit, which the self-test shows with its cure, and do not keep the worker from grading', async () => {
    const worker = guard({ cgroupMounts: { selfCgroup: '0::/\n', mountInfo: '' } });
    await worker.start();
    const state = await worker.becomes(true);
    expect(state.capabilities).toMatchObject({ memory: 'process', cgroup: 'none' });
    expect(state.capabilities.warnings.join()).toMatch(/Delegate a cgroup/);
    expect(state.selfTest?.probes.find(({ name }) => name === 'memoryOfTree')).toMatchObject({
      holds: 'no',
      essential: false,
      cure: expect.stringContaining('Delegate=yes'),
    });
    expect(state.selfTest?.probes.find(({ name }) => name === 'memoryOfOne')).toMatchObject({ holds: 'yes' });
  });
});

describe('a full disk', () => {
  it('in the scratch folder is our fault and names its cure; the worker leaves its work, and is back when there is room', async () => {
    const disk = await createSmallDisk();
    try {
      // Only this way needs the disk while it runs.
      const worker = guard({ supervisor: null, scratchDirectory: disk.path });
      await worker.start();
      await worker.becomes(true);
      await disk.fill();
      expect(await worker.run(shell(':'))).toMatchObject({
        kind: 'sandbox_failure',
        reason: expect.stringMatching(/disk of the sandbox's scratch folder is full: make room/),
      });
      const broken = await worker.becomes(false);
      expect(broken.reason).toMatch(/make room/);
      expect(broken.failing).toEqual(['sandbox']);
      await disk.makeRoom();
      await worker.becomes(true);
      expect(await worker.run(shell('cat'))).toMatchObject({ kind: 'exited', exitCode: 0 });
      await worker.stop();
      // Nor did the tries that failed leave anything.
      expect(await readdir(disk.path)).toEqual([]);
    } finally {
      await disk.remove();
    }
  });

  it('at the start keeps the worker from grading until there is room', async () => {
    const disk = await createSmallDisk();
    try {
      await disk.fill();
      const worker = guard({ scratchDirectory: disk.path });
      await worker.start();
      expect(worker.states.at(-1)).toMatchObject({ isUsable: false, reason: expect.stringMatching(/make room/) });
      await disk.makeRoom();
      await worker.becomes(true);
      await worker.stop();
    } finally {
      await disk.remove();
    }
  });

  it('does not matter to a supervised sandbox that runs', async (context) => {
    const disk = await createSmallDisk();
    try {
      if (!disk.isOfItsOwn) context.skip('Only root can mount a small disk that is full for nobody else.');
      const worker = guard({ supervisor: requiredSupervisor(), scratchDirectory: disk.path });
      await worker.start();
      await disk.fill();
      const outcome = await worker.run(shell('cat'));
      await disk.makeRoom();
      expect(outcome.stdout.toString()).toBe('input');
      expect(worker.states).toMatchObject([{ isUsable: true }]);
      await worker.stop();
    } finally {
      await disk.remove();
    }
  });
});

describe.each(ways)('a scratch folder that is removed under a $way sandbox', ({ supervisor }) => {
  it('is our fault and named; the worker makes it anew', async () => {
    const folder = await createTemporaryFolder();
    await chmod(folder.path, 0o755);
    try {
      const worker = guard({ supervisor, scratchDirectory: folder.path });
      await worker.start();
      await worker.becomes(true);
      for (const name of await readdir(folder.path)) await rm(join(folder.path, name), { recursive: true });
      expect(await worker.run(shell(':'))).toMatchObject({
        kind: 'sandbox_failure',
        reason: expect.stringMatching(/was removed while the worker runs/),
      });
      await worker.becomes(false);
      await worker.becomes(true);
      expect(await worker.run(shell(':'))).toMatchObject({ kind: 'exited', exitCode: 0 });
      await worker.stop();
      expect(await readdir(folder.path)).toEqual([]);
    } finally {
      await folder.remove();
    }
  });
});

describe.each(ways)('an interpreter that vanished since the start of a $way sandbox', ({ supervisor }) => {
  it('is our fault; a program that says 127 for itself, or names another that is not there, is not', async () => {
    const worker = guard({ supervisor });
    const vanished = { ...shell(''), argv: ['/usr/bin/no-such-python', 'main.py'] };
    expect(await worker.run(vanished)).toMatchObject({
      kind: 'sandbox_failure',
      reason: expect.stringMatching(/no-such-python is no longer there.*install it again/),
    });
    expect(await worker.run(shell('exit 127'))).toMatchObject({ kind: 'exited', exitCode: 127 });
    expect(await worker.run(shell('no-such-command'))).toMatchObject({ kind: 'exited', exitCode: 127 });
    expect(await worker.run({ ...shell(''), argv: ['/box/program'] })).toMatchObject({ kind: 'exited', exitCode: 127 });
  });
});

describe('a guard', () => {
  it('takes a run that is aborted for no fault, nor a program that failed', async () => {
    const worker = guard({});
    await worker.start();
    const controller = new AbortController();
    const running = worker.run({ ...shell('sleep 100'), signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ kind: 'sandbox_failure', reason: 'aborted' });
    expect(await worker.run(shell('kill -9 $$'))).toMatchObject({ kind: 'signalled' });
    expect(worker.states).toMatchObject([{ isUsable: true }]);
  });

  it('ends at once when its process does, whatever it is doing', async () => {
    const worker = guard({});
    const starting = worker.start();
    await worker.stop();
    await starting;
    expect(worker.states).toEqual([]);
    expect((await runSelfTest(worker.sandbox)).passed).toBe(false);
  });
});
