import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

import {
  CGROUP_PREFIX,
  type CgroupLimits,
  type CgroupMounts,
  type Cgroups,
  killProcessesIn,
  nextCgroupSuffix,
  ownCgroupDirectory,
  processesIn,
  readKeyed,
  readNumber,
  removeAbandonedCgroups,
  removeCgroupDirectories,
  type RunCgroup,
  writeControl,
} from './cgroup.js';
import { nameOwnedBy, type ProcessIdentity } from './process-identity.js';

interface Directories {
  readonly memory: string;
  readonly pids: string;
  readonly cpuacct: string;
}

/** Where controllers share a hierarchy (`cpu,cpuacct`), their directories are one. */
function distinct(directories: Directories): readonly string[] {
  return [...new Set([directories.memory, directories.pids, directories.cpuacct])];
}

class RunCgroupV1 implements RunCgroup {
  private memoryMiB: number | null = null;
  private processes: number | null = null;

  constructor(private readonly directories: Directories) {}

  limit(limits: CgroupLimits): void {
    if (limits.memoryMiB !== this.memoryMiB) this.limitMemory(limits.memoryMiB);
    if (limits.processes !== this.processes) {
      writeControl(join(this.directories.pids, 'pids.max'), String(limits.processes));
      this.processes = limits.processes;
    }
    writeControl(join(this.directories.memory, 'memory.max_usage_in_bytes'), '0');
  }

  private limitMemory(memoryMiB: number): void {
    const bytes = String(memoryMiB * 1024 * 1024);
    // The limit that includes swap may never be the lower one: it grows first, and shrinks last.
    const grows = this.memoryMiB !== null && memoryMiB > this.memoryMiB;
    if (grows) this.limitSwap(bytes);
    writeControl(join(this.directories.memory, 'memory.limit_in_bytes'), bytes);
    if (!grows) this.limitSwap(bytes);
    this.memoryMiB = memoryMiB;
  }

  private limitSwap(bytes: string): void {
    try {
      writeControl(join(this.directories.memory, 'memory.memsw.limit_in_bytes'), bytes);
    } catch {
      // A kernel without swap accounting has no such file; swappiness 0 then keeps the run's memory out of swap.
      writeControl(join(this.directories.memory, 'memory.swappiness'), '0');
    }
  }

  openCounters(): { readonly cpuTime: number; readonly outOfMemory: number } {
    return {
      cpuTime: openSync(join(this.directories.cpuacct, 'cpuacct.usage'), 'r'),
      outOfMemory: openSync(join(this.directories.memory, 'memory.oom_control'), 'r'),
    };
  }

  get joinCount(): number {
    return distinct(this.directories).length;
  }

  openJoinDescriptors(): readonly number[] {
    // `tasks`, not `cgroup.procs`: moving the single thread that writes takes no lock over all thread groups of the
    // machine. Measured on Linux 6.18: 1 ms for three hierarchies instead of 10 ms.
    return distinct(this.directories).map((directory) => openSync(join(directory, 'tasks'), 'w'));
  }

  cpuTimeMs(): number {
    return readNumber(join(this.directories.cpuacct, 'cpuacct.usage')) / 1e6;
  }

  peakMemoryKiB(): number {
    return Math.round(readNumber(join(this.directories.memory, 'memory.max_usage_in_bytes')) / 1024);
  }

  memoryKiB(): number {
    return Math.round(readNumber(join(this.directories.memory, 'memory.usage_in_bytes')) / 1024);
  }

  outOfMemoryKills(): number {
    // v1 kills one process and lets the others go on: without this counter a program whose children were killed looks fine.
    return readKeyed(join(this.directories.memory, 'memory.oom_control'), 'oom_kill');
  }

  isEmpty(): boolean {
    return processesIn(this.directories.pids).length === 0;
  }

  kill(): void {
    killProcessesIn(this.directories.pids);
  }

  async remove(timeoutMs = 2_000): Promise<void> {
    await removeCgroupDirectories(distinct(this.directories), timeoutMs);
  }
}

/**
 * cgroup v1: one directory per run below the worker's own in each of the memory, pids and cpuacct hierarchies. Needs a
 * worker that may make directories there, which in practice is root.
 */
export class CgroupsV1 implements Cgroups {
  readonly version = 'v1';
  private constructor(
    private readonly parents: Directories,
    private readonly owner: ProcessIdentity,
  ) {}

  /** Null when one of the three hierarchies is not there. */
  static find(mounts: CgroupMounts, owner: ProcessIdentity): CgroupsV1 | null {
    const memory = ownCgroupDirectory(mounts, 'memory');
    const pids = ownCgroupDirectory(mounts, 'pids');
    const cpuacct = ownCgroupDirectory(mounts, 'cpuacct');
    if (memory === null || pids === null || cpuacct === null) return null;
    return new CgroupsV1({ memory, pids, cpuacct }, owner);
  }

  create(limits: CgroupLimits): RunCgroup {
    const name = nameOwnedBy(this.owner, CGROUP_PREFIX, nextCgroupSuffix());
    const directories: Directories = {
      memory: join(this.parents.memory, name),
      pids: join(this.parents.pids, name),
      cpuacct: join(this.parents.cpuacct, name),
    };
    for (const directory of distinct(directories)) mkdirSync(directory);
    const cgroup = new RunCgroupV1(directories);
    cgroup.limit(limits);
    return cgroup;
  }

  async removeAbandoned(): Promise<void> {
    await removeAbandonedCgroups(distinct(this.parents), this.owner);
  }
}
