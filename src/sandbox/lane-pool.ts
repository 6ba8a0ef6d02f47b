import type { BubblewrapMachine } from './bubblewrap-start.js';
import type { RunCgroup } from './cgroup.js';
import { Lane, type LaneTemplate } from './lane.js';
import type { Runtime } from './runtimes.js';
import type { SandboxLogger } from './sandbox-logger.js';
import type { ScratchFolder } from './scratch-folder.js';
import type { Supervisor } from './supervisor-launcher.js';
import type { Slot, SlotPool } from './uid-pool.js';

/** What lanes are made of. */
export interface LaneMachine {
  readonly machine: BubblewrapMachine;
  readonly scratch: ScratchFolder;
  readonly slots: SlotPool;
  /** Null where there is none; then there are no lanes. */
  readonly supervisor: Supervisor | null;
}

/** What a lane is started for. Submissions of equal kinds can share one, one after the other. */
export interface LaneKind {
  /** Null for the probe, which needs the base system only. */
  readonly runtime: Runtime | null;
  readonly template: LaneTemplate | null;
  readonly keepsNamespaces: boolean;
  readonly systemSitePackages: boolean;
}

/** A lane for one submission; {@link LanePool.release} takes it back. */
export interface LeasedLane {
  readonly lane: Lane;
  readonly cgroup: RunCgroup;
  readonly kind: LaneKind;
}

interface PooledLane extends LeasedLane {
  readonly key: string;
  readonly slot: Slot;
  submissions: number;
  /** Set by the first that throws it away: its user is given back once. */
  closing?: Promise<void>;
}

/** A lane was started, and did not come to serve. */
export class LaneStartError extends Error {
  override readonly name = 'LaneStartError';
}

/** A lane is thrown away after so many: whatever might add up in a kernel or an interpreter does not. */
const MOST_SUBMISSIONS = 100;
/** The first process of the test, in its cgroups. */
const OWN_PROCESSES = 1;
/**
 * What may be left in the cgroups after a submission. Parts of files of the system that it was the first to read count as its
 * memory until the kernel needs the room, and in a lane that is kept, as the memory of other students' programs.
 */
const MOST_LEFT_KIB = 16 * 1024;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function keyOf(kind: LaneKind): string {
  const { runtime, template, keepsNamespaces, systemSitePackages } = kind;
  return JSON.stringify([runtime?.key ?? null, template?.argv ?? null, keepsNamespaces, systemSitePackages]);
}

/**
 * The lanes of a worker. Starting one costs several milliseconds of CPU time, so that it is kept for later submissions of its
 * kind, and while a class hands in there is always one ahead. Nothing of a submission stays in a lane: the supervisor, in
 * whose namespaces everything was, is gone before the lane looks at the next one.
 */
export class LanePool {
  /** Nobody's at the moment; the one used last is the last. */
  private idle: PooledLane[] = [];
  private readonly leased = new Set<PooledLane>();
  private readonly closing = new Set<Promise<void>>();
  private isShutDown = false;

  /** @param concurrency submissions at a time in normal work: so many lanes are kept. */
  constructor(
    private readonly prepared: LaneMachine,
    private readonly concurrency: number,
    private readonly log: SandboxLogger,
  ) {}

  /**
   * A lane in which a submission has begun.
   * @throws Error when none can be had: why, for the log. A {@link LaneStartError} where another kind may do better.
   */
  async acquire(kind: LaneKind): Promise<LeasedLane> {
    const key = keyOf(kind);
    for (;;) {
      const kept = this.takeIdle(key);
      const pooled = kept ?? this.launch(kind, key, await this.freeSlot());
      this.leased.add(pooled);
      try {
        await pooled.lane.begin();
      } catch (error) {
        await this.discard(pooled);
        // One that broke while nobody used it says nothing about the next.
        if (kept !== null && !this.isShutDown) continue;
        throw this.isShutDown ? error : new LaneStartError(messageOf(error), { cause: error });
      }
      pooled.submissions += 1;
      this.startAhead(kind, key);
      return pooled;
    }
  }

  /** @param isReusable false when something happened after which the lane shall not be used again. */
  async release(lease: LeasedLane, isReusable: boolean): Promise<void> {
    const pooled = [...this.leased].find((candidate) => candidate === lease);
    if (pooled === undefined) return;
    const isWornOut = pooled.submissions >= MOST_SUBMISSIONS || !this.isClean(pooled.cgroup);
    if (!isReusable || this.isShutDown || !pooled.lane.isUsable || isWornOut) {
      await this.discard(pooled);
      return;
    }
    pooled.lane.end();
    this.leased.delete(pooled);
    this.idle.push(pooled);
    await this.evict();
  }

  async shutDown(): Promise<void> {
    this.isShutDown = true;
    await Promise.all([...this.idle, ...this.leased].map((pooled) => this.discard(pooled)));
    await Promise.all(this.closing);
  }

  private takeIdle(key: string): PooledLane | null {
    const found = this.idle.findLast((pooled) => pooled.key === key && pooled.lane.isUsable);
    if (found === undefined) return null;
    this.idle = this.idle.filter((pooled) => pooled !== found);
    return found;
  }

  /** Where need be, that of a lane that nobody uses, or of one that is just being closed. */
  private async freeSlot(): Promise<Slot> {
    const { slots } = this.prepared;
    for (;;) {
      if (this.isShutDown) throw new Error('the sandbox was shut down');
      const slot = slots.acquire();
      if (slot !== null) return slot;
      const least = this.idle.find((pooled) => !pooled.lane.isUsable) ?? this.idle[0];
      if (least !== undefined) await this.discard(least);
      else if (this.closing.size > 0) await Promise.race(this.closing);
      else throw new Error('too many sandboxes are open');
    }
  }

  /** @throws Error when it cannot be started; the slot is then free again. */
  private launch(kind: LaneKind, key: string, slot: Slot): PooledLane {
    const { machine, scratch, slots, supervisor } = this.prepared;
    let cgroup: RunCgroup | undefined;
    try {
      if (supervisor === null || machine.cgroups === null) throw new Error('the supervisor needs cgroups');
      // The limits of the first run replace these.
      cgroup = machine.cgroups.create({ memoryMiB: 64, processes: OWN_PROCESSES });
      const lane = Lane.launch({
        launcher: supervisor.launcher,
        layout: machine.layout,
        supervisor: supervisor.folder,
        filter: supervisor.filter,
        uid: slot.uid,
        binds: scratch.binds(kind.runtime, kind.systemSitePackages),
        cgroup,
        template: kind.template,
        keepsNamespaces: kind.keepsNamespaces,
      });
      return { lane, cgroup, kind, key, slot, submissions: 0 };
    } catch (error) {
      slots.release(slot);
      if (cgroup !== undefined) this.track(this.removeCgroup(cgroup));
      throw error;
    }
  }

  /** So that the next submission of the kind that just came finds one that has started. Takes nothing from other kinds. */
  private startAhead(kind: LaneKind, key: string): void {
    const usable = this.idle.filter((pooled) => pooled.lane.isUsable);
    if (this.isShutDown || this.leased.size >= this.concurrency || usable.length >= this.concurrency) return;
    if (usable.some((pooled) => pooled.key === key)) return;
    const slot = this.prepared.slots.acquire();
    if (slot === null) return;
    try {
      this.idle.push(this.launch(kind, key, slot));
    } catch (error) {
      this.log('warn', `sandbox: none could be started ahead: ${messageOf(error)}`);
    }
  }

  /** Closes those that broke, and those that were not used for longest, until few enough are left. */
  private async evict(): Promise<void> {
    const broken = this.idle.filter((pooled) => !pooled.lane.isUsable);
    const whole = this.idle.filter((pooled) => pooled.lane.isUsable);
    const surplus = whole.slice(0, Math.max(0, whole.length - this.concurrency));
    await Promise.all([...broken, ...surplus].map((pooled) => this.discard(pooled)));
  }

  private discard(pooled: PooledLane): Promise<void> {
    this.leased.delete(pooled);
    this.idle = this.idle.filter((candidate) => candidate !== pooled);
    if (pooled.closing === undefined) {
      pooled.closing = this.close(pooled);
      this.track(pooled.closing);
    }
    return pooled.closing;
  }

  private async close({ lane, cgroup, slot }: PooledLane): Promise<void> {
    await lane.close();
    await this.removeCgroup(cgroup);
    this.prepared.slots.release(slot);
  }

  /** @param work rejects never. */
  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.closing.delete(tracked));
    this.closing.add(tracked);
  }

  private isClean(cgroup: RunCgroup): boolean {
    try {
      return cgroup.memoryKiB() <= MOST_LEFT_KIB;
    } catch {
      // Somebody removed it.
      return false;
    }
  }

  private async removeCgroup(cgroup: RunCgroup): Promise<void> {
    try {
      if (!cgroup.isEmpty()) cgroup.kill();
      await cgroup.remove();
    } catch (error) {
      this.log('warn', `sandbox: ${messageOf(error)}`);
    }
  }
}
