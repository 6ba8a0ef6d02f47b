import { readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { isAbandoned, type ProcessIdentity } from './process-identity.js';

/** What the kernel shall enforce on one run, for all its processes together. */
export interface CgroupLimits {
  readonly memoryMiB: number;
  /** Processes and threads, the sandbox's own first process included. */
  readonly processes: number;
}

/**
 * The cgroups of one run, or of the runs of one session after each other. Made for them and removed after them, so every
 * figure starts at zero; {@link limit} starts the next run.
 */
export interface RunCgroup {
  /**
   * Open for writing; a process that writes `0` to each is in. The right to join is checked against who opened the file, so
   * the descriptors work inside the sandbox, where no cgroup file system is mounted. Whoever called closes them.
   */
  openJoinDescriptors(): readonly number[];
  /** How many of them there are. */
  readonly joinCount: number;
  /**
   * The kernel's own files, open for reading, for somebody inside the sandbox: CPU time (v1: nanoseconds; v2: lines of which
   * one is `usage_usec`), and the lines of which one is `oom_kill`. Whoever called closes them.
   */
  openCounters(): { readonly cpuTime: number; readonly outOfMemory: number };
  /** Sets the limits of the next run, when nothing runs, and forgets the peak of the last one where the kernel can. */
  limit(limits: CgroupLimits): void;
  /** CPU time of everything that ran in here, user and system, in milliseconds. */
  cpuTimeMs(): number;
  /**
   * Since {@link limit}, or since the beginning. Null where the kernel does not tell (cgroup v2 before Linux 5.19, and before
   * 6.12 for a run that needs less than an earlier one).
   */
  peakMemoryKiB(): number | null;
  /** What counts as memory at the moment. */
  memoryKiB(): number;
  /** How many processes the kernel killed because the memory limit was reached. */
  outOfMemoryKills(): number;
  isEmpty(): boolean;
  /** Kills everything in here. Forking processes cannot escape: called again until {@link isEmpty}. */
  kill(): void;
  /**
   * Waits until nothing is left, then removes the directories.
   * @throws Error when processes or directories remain after `timeoutMs`.
   */
  remove(timeoutMs?: number): Promise<void>;
}

/** One machine's way of making cgroups; `cgroup-v1.ts` and `cgroup-v2.ts` are the two. */
export interface Cgroups {
  readonly version: 'v1' | 'v2';
  create(limits: CgroupLimits): RunCgroup;
  /** Removes what dead workers of this machine left. */
  removeAbandoned(): Promise<void>;
}

/** Where the kernel shows its cgroups; read from `/proc` except in tests. */
export interface CgroupMounts {
  /** `/proc/self/cgroup`. */
  readonly selfCgroup: string;
  /** `/proc/self/mountinfo`. */
  readonly mountInfo: string;
}

/** First part of the name of every directory that a worker makes in a cgroup tree. */
export const CGROUP_PREFIX = 'assay';

/** On v2 the leaf that holds the worker itself: a cgroup that hands controllers to its children may hold no process. */
export const WORKER_LEAF = `${CGROUP_PREFIX}-worker`;

let made = 0;

/** Of this process, not of one sandbox: several may be open, and their names shall not meet. */
export function nextCgroupSuffix(): string {
  made += 1;
  return String(made);
}

const POLL_MS = 2;

export function readCgroupMounts(): CgroupMounts {
  return {
    selfCgroup: readFileSync('/proc/self/cgroup', 'utf8'),
    mountInfo: readFileSync('/proc/self/mountinfo', 'utf8'),
  };
}

/** One line of mountinfo that mounts a cgroup hierarchy. */
interface CgroupMount {
  readonly type: 'cgroup' | 'cgroup2';
  /** What part of the hierarchy is mounted; not `/` in a container without a cgroup namespace. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
}

function parseMounts(mountInfo: string): readonly CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountInfo.split('\n')) {
    // proc_pid_mountinfo(5): the fields before " - " vary in number, those after it do not.
    const [before, after] = line.split(' - ');
    if (before === undefined || after === undefined) continue;
    const [type, , options = ''] = after.split(' ');
    const fields = before.split(' ');
    const root = fields[3];
    const mountPoint = fields[4];
    if ((type !== 'cgroup' && type !== 'cgroup2') || root === undefined || mountPoint === undefined) continue;
    mounts.push({ type, root, mountPoint: mountPoint.replaceAll('\\040', ' '), options: options.split(',') });
  }
  return mounts;
}

/**
 * The directory of the calling process's own cgroup: in the v1 hierarchy that has `controller`, or in the v2 tree when it
 * is null. Null when there is no such hierarchy, or our place in it is not mounted.
 */
export function ownCgroupDirectory(mounts: CgroupMounts, controller: string | null): string | null {
  const line = mounts.selfCgroup
    .split('\n')
    .map((text) => /^\d+:([^:]*):(.*)$/.exec(text))
    .find(
      (match) => match !== null && (controller === null ? match[1] === '' : match[1]?.split(',').includes(controller)),
    );
  const path = line?.[2];
  if (path === undefined) return null;
  const mount = parseMounts(mounts.mountInfo).find((candidate) =>
    controller === null
      ? candidate.type === 'cgroup2'
      : candidate.type === 'cgroup' && candidate.options.includes(controller),
  );
  if (mount === undefined) return null;
  if (mount.root === '/') return join(mount.mountPoint, path);
  if (path === mount.root) return mount.mountPoint;
  return path.startsWith(`${mount.root}/`) ? join(mount.mountPoint, path.slice(mount.root.length)) : null;
}

/**
 * The directories of the calling process's own cgroups in every hierarchy that is mounted; on v2 also the one above the
 * worker's leaf, where the cgroups of runs and containers are made.
 */
export function ownCgroupDirectories(mounts: CgroupMounts): readonly string[] {
  const directories = mounts.selfCgroup.split('\n').flatMap((line) => {
    const controllers = /^\d+:([^:]*):/.exec(line)?.[1];
    if (controllers === undefined) return [];
    const directory = ownCgroupDirectory(mounts, controllers === '' ? null : (controllers.split(',')[0] ?? null));
    if (directory === null) return [];
    return basename(directory) === WORKER_LEAF ? [directory, dirname(directory)] : [directory];
  });
  return [...new Set(directories)];
}

export function readNumber(file: string): number {
  return Number(readFileSync(file, 'latin1'));
}

/** Value of `key` in a file of `key value` lines; 0 when it is not there. */
export function readKeyed(file: string, key: string): number {
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [name, value] = line.split(' ');
    if (name === key) return Number(value);
  }
  return 0;
}

export function writeControl(file: string, value: string): void {
  writeFileSync(file, value);
}

/** Empty also for a cgroup that was removed meanwhile. */
export function processesIn(directory: string): readonly number[] {
  try {
    return readFileSync(join(directory, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

export function killProcessesIn(directory: string): void {
  for (const pid of processesIn(directory)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Died meanwhile.
    }
  }
}

/** The kernel's word for what failed, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Removes cgroup directories, waiting for the last process: one that was killed stays until its memory is given back.
 * @throws Error when that takes longer than `timeoutMs`.
 */
export async function removeCgroupDirectories(directories: readonly string[], timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (const directory of directories) {
    for (;;) {
      try {
        rmdirSync(directory);
        break;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') break;
        if (performance.now() > deadline) {
          throw new Error(`the cgroup ${directory} could not be removed`, { cause: error });
        }
        await delay(POLL_MS);
      }
    }
  }
}

/** Directories directly below `parents` whose maker is dead: kills what is in them and removes them. */
export async function removeAbandonedCgroups(parents: readonly string[], own: ProcessIdentity): Promise<void> {
  for (const parent of parents) {
    for (const name of readdirSync(parent)) {
      if (!isAbandoned(name, CGROUP_PREFIX, own)) continue;
      const directory = join(parent, name);
      try {
        killProcessesIn(directory);
        await removeCgroupDirectories([directory], 500);
      } catch {
        // Another worker may be cleaning the same; whatever remains is tried again at the next start.
      }
    }
  }
}
