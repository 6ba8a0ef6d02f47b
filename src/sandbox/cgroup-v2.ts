import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import {
  CGROUP_PREFIX,
  type CgroupLimits,
  type CgroupMounts,
  type Cgroups,
  errorCode,
  killProcessesIn,
  nextCgroupSuffix,
  ownCgroupDirectory,
  processesIn,
  readKeyed,
  readNumber,
  removeAbandonedCgroups,
  removeCgroupDirectories,
  type RunCgroup,
  WORKER_LEAF,
  writeControl,
} from './cgroup.js';
import { nameOwnedBy, type ProcessIdentity } from './process-identity.js';

const CONTROLLERS = ['memory', 'pids'] as const;

/** A service that forks without end cannot be emptied. */
const DELEGATION_ATTEMPTS = 10;

class RunCgroupV2 implements RunCgroup {
  readonly joinCount = 1;
  /** Open when the peak was forgotten through it: what it then reads starts from there (Linux 6.12 and later). */
  private peakFile: number | null = null;
  /** The peak of earlier runs where it cannot be forgotten. */
  private earlierPeakKiB = 0;

  constructor(private readonly directory: string) {}

  limit(limits: CgroupLimits): void {
    writeControl(join(this.directory, 'memory.max'), String(limits.memoryMiB * 1024 * 1024));
    writeControl(join(this.directory, 'pids.max'), String(limits.processes));
    this.forgetPeak();
  }

  private forgetPeak(): void {
    const file = join(this.directory, 'memory.peak');
    if (!existsSync(file)) return;
    this.closePeak();
    try {
      const descriptor = openSync(file, 'r+');
      this.peakFile = descriptor;
      writeSync(descriptor, 'reset');
    } catch {
      this.closePeak();
      this.earlierPeakKiB = Math.round(readNumber(file) / 1024);
    }
  }

  private closePeak(): void {
    if (this.peakFile !== null) closeSync(this.peakFile);
    this.peakFile = null;
  }

  openCounters(): { readonly cpuTime: number; readonly outOfMemory: number } {
    return {
      cpuTime: openSync(join(this.directory, 'cpu.stat'), 'r'),
      outOfMemory: openSync(join(this.directory, 'memory.events'), 'r'),
    };
  }

  openJoinDescriptors(): readonly number[] {
    return [openSync(join(this.directory, 'cgroup.procs'), 'w')];
  }

  cpuTimeMs(): number {
    return readKeyed(join(this.directory, 'cpu.stat'), 'usage_usec') / 1e3;
  }

  peakMemoryKiB(): number | null {
    const file = join(this.directory, 'memory.peak');
    if (this.peakFile !== null) {
      const text = Buffer.alloc(32);
      return Math.round(Number(text.toString('latin1', 0, readSync(this.peakFile, text, 0, text.length, 0))) / 1024);
    }
    if (!existsSync(file)) return null;
    const peakKiB = Math.round(readNumber(file) / 1024);
    return peakKiB > this.earlierPeakKiB ? peakKiB : null;
  }

  memoryKiB(): number {
    return Math.round(readNumber(join(this.directory, 'memory.current')) / 1024);
  }

  outOfMemoryKills(): number {
    return readKeyed(join(this.directory, 'memory.events'), 'oom_kill');
  }

  isEmpty(): boolean {
    return readKeyed(join(this.directory, 'cgroup.events'), 'populated') === 0;
  }

  kill(): void {
    const file = join(this.directory, 'cgroup.kill');
    // Linux 5.14 and later: one write, atomic against forks.
    if (existsSync(file)) writeControl(file, '1');
    else killProcessesIn(this.directory);
  }

  async remove(timeoutMs = 2_000): Promise<void> {
    this.closePeak();
    await removeCgroupDirectories([this.directory], timeoutMs);
  }
}

/**
 * cgroup v2: one directory per run below the subtree that was delegated to the worker (its own cgroup: `Delegate=yes` in a
 * systemd unit, or a private cgroup namespace mounted writable). Works without root.
 */
export class CgroupsV2 implements Cgroups {
  readonly version = 'v2';
  private constructor(
    private readonly parent: string,
    private readonly owner: ProcessIdentity,
  ) {}

  /**
   * Null when the v2 tree is not there or has no memory controller (a hybrid machine: use v1).
   * @throws Error when it is there but not delegated to this process; the message names the cure.
   */
  static find(mounts: CgroupMounts, owner: ProcessIdentity): CgroupsV2 | null {
    const parent = runCgroupsParentV2(mounts);
    if (parent === null) return null;
    const offered = readWords(join(parent, 'cgroup.controllers'));
    if (!CONTROLLERS.some((controller) => offered.includes(controller))) return null;
    const missing = CONTROLLERS.filter((controller) => !offered.includes(controller));
    if (missing.length > 0) {
      throw new Error(
        `the cgroup ${parent} has no ${missing.join(' and no ')} controller: set Delegate=yes in the systemd unit`,
      );
    }
    try {
      delegate(parent);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new Error(
        `the cgroup ${parent} is not delegated to the worker (${detail}): set Delegate=yes in the systemd unit, or mount /sys/fs/cgroup writable in the container`,
        { cause: error },
      );
    }
    return new CgroupsV2(parent, owner);
  }

  create(limits: CgroupLimits): RunCgroup {
    const directory = join(this.parent, nameOwnedBy(this.owner, CGROUP_PREFIX, nextCgroupSuffix()));
    mkdirSync(directory);
    const cgroup = new RunCgroupV2(directory);
    cgroup.limit(limits);
    // Absent where the kernel has no swap.
    if (existsSync(join(directory, 'memory.swap.max'))) writeControl(join(directory, 'memory.swap.max'), '0');
    // All or nothing: half a process tree is not a program that can be judged.
    if (existsSync(join(directory, 'memory.oom.group'))) writeControl(join(directory, 'memory.oom.group'), '1');
    return cgroup;
  }

  async removeAbandoned(): Promise<void> {
    await removeAbandonedCgroups([this.parent], this.owner);
  }
}

/**
 * Where a worker in the calling process's place makes the cgroups of its runs: its own cgroup, or the one above when it has
 * moved to its leaf already (a second sandbox of one process, or a process that a worker started). Null without a v2 tree.
 */
export function runCgroupsParentV2(mounts: CgroupMounts): string | null {
  const own = ownCgroupDirectory(mounts, null);
  return own !== null && basename(own) === WORKER_LEAF ? dirname(own) : own;
}

function readWords(file: string): readonly string[] {
  try {
    return readFileSync(file, 'latin1').trim().split(/\s+/);
  } catch {
    return [];
  }
}

/** Lets the children of `parent` have the controllers, and empties it into the worker's leaf first where that is needed. */
function delegate(parent: string): void {
  const control = join(parent, 'cgroup.subtree_control');
  const enabled = readWords(control);
  if (CONTROLLERS.every((controller) => enabled.includes(controller))) return;
  const enable = () => writeControl(control, CONTROLLERS.map((controller) => `+${controller}`).join(' '));
  // The machine's root cgroup alone has no type. It may hold processes, and some of its kernel threads cannot be moved.
  if (!existsSync(join(parent, 'cgroup.type'))) return enable();

  const leaf = join(parent, WORKER_LEAF);
  // Another worker in the same cgroup may be doing all of this at the same time.
  mkdirSync(leaf, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    for (const pid of processesIn(parent)) moveProcess(pid, leaf);
    try {
      return enable();
    } catch (error) {
      // Somebody forked between the list and now.
      if (errorCode(error) !== 'EBUSY' || attempt === DELEGATION_ATTEMPTS) throw error;
    }
  }
}

function moveProcess(pid: number, directory: string): void {
  try {
    writeControl(join(directory, 'cgroup.procs'), String(pid));
  } catch (error) {
    // Ended meanwhile.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
