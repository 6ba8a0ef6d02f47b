import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { CGROUP_PREFIX, type CgroupLimits, readCgroupMounts, type RunCgroup } from '../../src/sandbox/cgroup.js';
import { CgroupsV2, runCgroupsParentV2 } from '../../src/sandbox/cgroup-v2.js';
import { nameOwnedBy, ownIdentity } from '../../src/sandbox/process-identity.js';
import { SANDBOX_ADAPTERS } from '../contract/sandbox-adapters.js';

/** A cgroup that this user may not use; set where there is one. */
const FOREIGN_CGROUP = process.env['ASSAY_TEST_FOREIGN_CGROUP'];

const owner = ownIdentity();

/** Fails, and says why, where there is no cgroup v2 to test on. */
function requiredCgroups(): CgroupsV2 {
  const cgroups = CgroupsV2.find(readCgroupMounts(), owner);
  if (cgroups === null) throw new Error('this machine has no cgroup v2 with memory and pids: npm run test:cgroup-v2');
  return cgroups;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** A shell that joins the cgroup through an open descriptor, as sandboxes do, and then runs `script`. */
function runIn(cgroup: RunCgroup, script: string): Promise<Ended> {
  const [join, ...more] = cgroup.openJoinDescriptors();
  expect(more).toEqual([]);
  const shell = spawn('/bin/sh', ['-c', `echo 0 >&3; exec 3>&-; ${script}`], {
    stdio: ['ignore', 'pipe', 'pipe', join ?? 'ignore'],
  });
  if (join !== undefined) closeSync(join);
  let said = '';
  shell.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  shell.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return new Promise((resolve) => {
    shell.once('close', (code, signal) => resolve({ code, signal, said }));
  });
}

/** A command that needs so much memory, and touches all of it. */
const hold = (mebibytes: number) => `dd if=/dev/zero of=/dev/null bs=${mebibytes}M count=1 2>/dev/null`;

describe('cgroup v2 of a real kernel', () => {
  let cgroups: CgroupsV2;
  let parent: string;

  beforeAll(() => {
    cgroups = requiredCgroups();
    parent = runCgroupsParentV2(readCgroupMounts()) ?? '';
  });

  async function inCgroup(limits: Partial<CgroupLimits>, work: (cgroup: RunCgroup) => Promise<void>): Promise<void> {
    const cgroup = cgroups.create({ memoryMiB: 64, processes: 16, ...limits });
    try {
      await work(cgroup);
    } finally {
      cgroup.kill();
      await cgroup.remove();
    }
  }

  it("has the worker in a leaf below the place of its runs, unless that is the machine's root cgroup", () => {
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'latin1'))?.[1] ?? '';
    expect(basename(own)).toBe(existsSync(join(parent, 'cgroup.type')) ? 'assay-worker' : '');
    const enabled = readFileSync(join(parent, 'cgroup.subtree_control'), 'latin1').trim().split(' ');
    expect(enabled).toEqual(expect.arrayContaining(['memory', 'pids']));
    expect(runCgroupsParentV2(readCgroupMounts())).toBe(parent);
  });

  it.each(SANDBOX_ADAPTERS)('is what the $name takes, without a warning', async ({ create }) => {
    const sandbox = create();
    const capabilities = await sandbox.probe();
    await sandbox.shutDown();
    expect(capabilities).toMatchObject({ usable: true, reason: null, cgroup: 'v2', memory: 'tree', warnings: [] });
  });

  it('kills all processes of a run that needs too much memory, and counts it', async () => {
    await inCgroup({ memoryMiB: 16 }, async (cgroup) => {
      const ended = runIn(cgroup, 'setsid sleep 1000 & tail /dev/zero; echo survived; wait');
      expect(await ended).toEqual({ code: null, signal: 'SIGKILL', said: '' });
      await expect.poll(() => cgroup.isEmpty(), { timeout: 5_000 }).toBe(true);
      expect(cgroup.outOfMemoryKills()).toBeGreaterThanOrEqual(2);
      expect(cgroup.peakMemoryKiB() ?? 16 << 10).toBeGreaterThan(15 << 10);
      expect(cgroup.peakMemoryKiB() ?? 16 << 10).toBeLessThanOrEqual(16 << 10);
    });
  });

  it('refuses one process more, and limits the next run anew', async () => {
    await inCgroup({ processes: 3 }, async (cgroup) => {
      const sleepers = 'for i in 1 2 3; do sleep 1000 >/dev/null 2>&1 & done';
      const refused = await runIn(cgroup, `${sleepers}; echo made all`);
      expect(refused.code).not.toBe(0);
      expect(refused.said).toMatch(/fork/i);
      cgroup.kill();
      await expect.poll(() => cgroup.isEmpty(), { timeout: 5_000 }).toBe(true);
      cgroup.limit({ memoryMiB: 64, processes: 4 });
      expect(await runIn(cgroup, `${sleepers}; echo made all`)).toMatchObject({ code: 0, said: 'made all\n' });
    });
  });

  it('adds up the CPU time of all processes, also for whoever has only the open counter', async () => {
    await inCgroup({}, async (cgroup) => {
      expect(cgroup.cpuTimeMs()).toBe(0);
      const busy = `/usr/bin/python3 -c 'import time\nwhile time.process_time() < 0.2: pass'`;
      expect(await runIn(cgroup, `${busy} & ${busy}; wait`)).toMatchObject({ code: 0 });
      expect(cgroup.cpuTimeMs()).toBeGreaterThan(390);
      const { cpuTime, outOfMemory } = cgroup.openCounters();
      expect(readFileSync(cpuTime, 'latin1')).toContain(`usage_usec ${Math.round(cgroup.cpuTimeMs() * 1e3)}\n`);
      expect(readFileSync(outOfMemory, 'latin1')).toContain('oom_kill 0\n');
      for (const descriptor of [cpuTime, outOfMemory]) closeSync(descriptor);
    });
  });

  it("never tells an earlier run's peak as the next one's", async () => {
    await inCgroup({}, async (cgroup) => {
      await runIn(cgroup, hold(24));
      expect(cgroup.peakMemoryKiB() ?? 25 << 10).toBeGreaterThan(24 << 10);
      cgroup.limit({ memoryMiB: 64, processes: 16 });
      await runIn(cgroup, hold(2));
      expect(cgroup.peakMemoryKiB() ?? 0).toBeLessThan(20 << 10);
      cgroup.limit({ memoryMiB: 64, processes: 16 });
      await runIn(cgroup, hold(40));
      expect(cgroup.peakMemoryKiB() ?? 41 << 10).toBeGreaterThan(40 << 10);
    });
  });

  it('kills at once what is in it, and is removed', async () => {
    await inCgroup({}, async (cgroup) => {
      const ended = runIn(cgroup, 'b() { setsid sleep 1000 & sleep 1000; }; b & b & wait');
      await expect.poll(() => cgroup.isEmpty()).toBe(false);
      cgroup.kill();
      expect(await ended).toMatchObject({ signal: 'SIGKILL' });
      await expect.poll(() => cgroup.isEmpty(), { timeout: 5_000 }).toBe(true);
    });
  });

  it('is cleared of what a dead worker left, processes included', async () => {
    const dead = { ...owner, startTime: '1' };
    const left = join(parent, nameOwnedBy(dead, CGROUP_PREFIX, '1'));
    mkdirSync(left);
    const sleeper = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' });
    const exited = once(sleeper, 'exit');
    writeFileSync(join(left, 'cgroup.procs'), String(sleeper.pid));
    await cgroups.removeAbandoned();
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(existsSync(left)).toBe(false);
  });

  if (FOREIGN_CGROUP !== undefined) {
    it('is not taken where it is not delegated: the reason names the cure', () => {
      const mounts = { ...readCgroupMounts(), selfCgroup: `0::${FOREIGN_CGROUP}\n` };
      expect(() => CgroupsV2.find(mounts, owner)).toThrow(/is not delegated to the worker \(.*\).*Delegate=yes/);
    });
  }
});
