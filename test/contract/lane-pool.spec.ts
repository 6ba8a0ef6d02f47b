import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { CgroupLimits, Cgroups, RunCgroup } from '../../src/sandbox/cgroup.js';
import { type LaneKind, LanePool, type LeasedLane } from '../../src/sandbox/lane-pool.js';
import type { PreparedMachine } from '../../src/sandbox/steps.js';
import type { SupervisorLauncher } from '../../src/sandbox/supervisor-launcher.js';
import { SlotPool } from '../../src/sandbox/uid-pool.js';

/** Answers every hello without a filter (12 bytes), and takes every end (8 bytes), as a lane does. */
const LANE = `
take() { [ "$(head -c "$1" | wc -c)" -eq "$1" ]; }
while take 12; do printf '\\002\\201\\000\\000\\000\\000\\000\\000'; take 8 || exit; done`;
const SILENT_LANE = 'exec sleep 1000';

const kind = (name: string): LaneKind => ({
  runtime: null,
  template: { argv: [name], environment: {} },
  keepsNamespaces: false,
  systemSitePackages: false,
});

const nothing = () => openSync('/dev/null', 'r');

/** Of a pool with so many users, after its end. */
const nothingLeft = (users: number) => ({
  running: 0,
  cgroups: 0,
  freeUsers: [...Array.from({ length: users }, (_, index) => index), null],
});

/** A pool whose lanes are shell scripts, and whose cgroups are only counted. */
class Stage implements SupervisorLauncher {
  readonly name = 'a shell';
  readonly children: ChildProcess[] = [];
  readonly cgroups = new Set<RunCgroup>();
  readonly slots: SlotPool;
  readonly pool: LanePool;
  script = LANE;
  /** What is left in every cgroup when a submission has ended. */
  leftKiB = 0;

  constructor(
    private readonly slotCount: number,
    concurrency: number,
  ) {
    this.slots = new SlotPool(slotCount, false);
    const scratch = { binds: () => [] } as unknown as PreparedMachine['scratch'];
    const create = (limits: CgroupLimits) => this.createCgroup(limits);
    const cgroups: Cgroups = { version: 'v1', create, removeAbandoned: async () => undefined };
    const layout = { rootFolder: '/', systemFolders: [], mountProc: true };
    const machine = { bubblewrap: '', layout, cgroups, strayDescriptors: [], openFilter: null };
    const supervisor = { launcher: this, folder: '/', filter: null, hasTemplate: true };
    this.pool = new LanePool({ machine, scratch, slots: this.slots, supervisor }, concurrency, () => undefined);
  }

  launch(): ChildProcess {
    const child = spawn('/bin/sh', ['-c', this.script], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.children.push(child);
    return child;
  }

  kill(child: ChildProcess): void {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Died meanwhile.
    }
  }

  get running(): number {
    return this.children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length;
  }

  /** What has not been given back; a user that was given back twice is one too many. */
  left(): { readonly running: number; readonly cgroups: number; readonly freeUsers: readonly (number | null)[] } {
    const freeUsers = Array.from({ length: this.slotCount + 1 }, () => this.slots.acquire()?.index ?? null);
    return { running: this.running, cgroups: this.cgroups.size, freeUsers };
  }

  private createCgroup(_limits: CgroupLimits): RunCgroup {
    const cgroup: RunCgroup = {
      joinCount: 1,
      openJoinDescriptors: () => [nothing()],
      openCounters: () => ({ cpuTime: nothing(), outOfMemory: nothing() }),
      limit: () => undefined,
      cpuTimeMs: () => 0,
      peakMemoryKiB: () => 0,
      memoryKiB: () => this.leftKiB,
      outOfMemoryKills: () => 0,
      isEmpty: () => true,
      kill: () => undefined,
      remove: async () => {
        if (!this.cgroups.delete(cgroup)) throw new Error('removed twice');
      },
    };
    this.cgroups.add(cgroup);
    return cgroup;
  }
}

describe('The pool of lanes', () => {
  it('gives the lane of one submission to the next of its kind', async () => {
    const stage = new Stage(4, 1);
    const { pool } = stage;
    const first = await pool.acquire(kind('a'));
    await pool.release(first, true);
    const second = await pool.acquire(kind('a'));
    expect(second.lane).toBe(first.lane);
    await pool.release(second, true);
    expect((await pool.acquire(kind('b'))).lane).not.toBe(first.lane);
    await pool.shutDown();
    expect(stage.left()).toEqual(nothingLeft(4));
  });

  it('waits for lanes that are being closed, when all users are taken', async () => {
    const stage = new Stage(2, 2);
    const { pool } = stage;
    const early = await Promise.all([pool.acquire(kind('a')), pool.acquire(kind('b'))]);
    await Promise.all(early.map((lease) => pool.release(lease, true)));
    const late = await Promise.all([pool.acquire(kind('c')), pool.acquire(kind('d'))]);
    expect(late.map(({ kind: given }) => given.template?.argv)).toEqual([['c'], ['d']]);
    await expect(pool.acquire(kind('e'))).rejects.toThrow('too many sandboxes are open');
    await pool.shutDown();
    expect(stage.left()).toEqual(nothingLeft(2));
  });

  it('does not close the lanes of other kinds for one that may be wanted next', async () => {
    const stage = new Stage(8, 2);
    const { pool } = stage;
    const [a, b] = await Promise.all([pool.acquire(kind('a')), pool.acquire(kind('b'))]);
    await pool.release(a, true);
    await pool.release(b, true);
    const c = await pool.acquire(kind('c'));
    expect((await pool.acquire(kind('a'))).lane).toBe(a.lane);
    await pool.release(c, true);
    await pool.shutDown();
    expect(stage.left()).toEqual(nothingLeft(8));
  });

  it('closes a lane in whose cgroups a submission left memory', async () => {
    const stage = new Stage(4, 1);
    const { pool } = stage;
    const first = await pool.acquire(kind('a'));
    stage.leftKiB = 64 * 1024;
    await pool.release(first, true);
    expect(first.lane.isUsable).toBe(false);
    await pool.shutDown();
    expect(stage.left()).toEqual(nothingLeft(4));
  });

  it('gives another lane in the place of one that died while nobody used it', async () => {
    const stage = new Stage(4, 2);
    const { pool } = stage;
    const first = await pool.acquire(kind('a'));
    await pool.release(first, true);
    for (const child of stage.children) stage.kill(child);
    const second = await pool.acquire(kind('a'));
    expect(second.lane).not.toBe(first.lane);
    await pool.release(second, true);
    await pool.shutDown();
    expect(stage.left()).toEqual(nothingLeft(4));
  });

  it('gives back everything once when it is shut down while a lane starts', async () => {
    const stage = new Stage(3, 2);
    stage.script = SILENT_LANE;
    const { pool } = stage;
    const waiting = [pool.acquire(kind('a')), pool.acquire(kind('b'))].map((lease) => lease.then(String, String));
    await expect.poll(() => stage.running).toBe(2);
    await Promise.all([pool.shutDown(), pool.shutDown()]);
    expect(await Promise.all(waiting)).toEqual(['Error: the sandbox is closed', 'Error: the sandbox is closed']);
    await expect(pool.acquire(kind('a'))).rejects.toThrow('was shut down');
    expect(stage.left()).toEqual(nothingLeft(3));
  });

  it('gives back everything once, in whatever order it is used', async () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const stage = new Stage(5, 3);
    const { pool } = stage;
    const user = async () => {
      for (let turn = 0; turn < 12; turn += 1) {
        let lease: LeasedLane;
        try {
          lease = await pool.acquire(kind(String(random(7))));
        } catch (error) {
          // Killed below before it answered.
          expect(String(error)).toContain('the supervisor ended');
          continue;
        }
        expect(lease.lane.isUsable).toBe(true);
        if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        const victim = random(4) === 0 ? stage.children[random(stage.children.length)] : undefined;
        if (victim !== undefined) stage.kill(victim);
        const released = pool.release(lease, random(4) > 0);
        if (random(2) === 0) await released;
      }
    };
    await Promise.all(Array.from({ length: 5 }, user));
    await pool.shutDown();
    expect(stage.left()).toEqual(nothingLeft(5));
  });
});
