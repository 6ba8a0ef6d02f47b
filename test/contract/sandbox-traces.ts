import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

import { ownCgroupDirectories, readCgroupMounts } from '../../src/sandbox/cgroup.js';
import { nameOwnedBy, ownIdentity, type ProcessIdentity, readProcessStat } from '../../src/sandbox/process-identity.js';
import type { SandboxCapabilities } from '../../src/sandbox/sandbox.js';

/** Everything of a worker's runs that can be seen on the host. */
export interface Traces {
  readonly processes: readonly string[];
  readonly cgroups: readonly string[];
  readonly mounts: readonly string[];
  readonly folders: readonly string[];
  readonly descriptors: number;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Children of every thread, their children, and so on. */
export function descendantsOf(pid: number): readonly number[] {
  const children = listed(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function nameOf(pid: number): string | null {
  try {
    return /^Name:\t(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** What makes a sandbox's first namespaces. An ordinary user's crun runs from a copy of itself in memory. */
const OUTERMOST: ReadonlySet<string> = new Set(['bwrap', 'crun', 'memfd:crun_clon', 'runc', 'runsc']);

/** Every sandbox below `pid`: its outermost process, and all that is below that. */
export function sandboxProcessesBelow(pid: number): readonly string[] {
  const outermost = descendantsOf(pid).filter((child) => OUTERMOST.has(nameOf(child) ?? ''));
  const all = new Set(outermost.flatMap((child) => [child, ...descendantsOf(child)]));
  return [...all].map((child) => `${child} ${nameOf(child) ?? 'gone'}`);
}

/**
 * What an open sandbox may keep running: bubblewrap or a container's runtime, the lane, the supervisor, and the first process
 * of the next step. And what ended between being listed and being asked for its name.
 */
const STANDING: ReadonlySet<string> = new Set([...OUTERMOST, 'assay-lane', 'supervisor', 'assay-test', 'gone']);

/** A lane that is being started has the names of what it was before, an interpreter's among them: known by its parent. */
function isStarting(pid: number): boolean {
  const parent = nameOf(Number(readProcessStat(pid)?.[1])) ?? 'gone';
  return OUTERMOST.has(parent) || parent.startsWith('runc:[');
}

/** Processes of students' programs, and whatever else is no part of an open session. */
export function programsOf(worker: ProcessIdentity = ownIdentity()): readonly string[] {
  return sandboxProcessesBelow(worker.pid).filter((line) => {
    const [pid, name] = [Number(line.slice(0, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)];
    return !STANDING.has(name) && !isStarting(pid);
  });
}

/** runc shows itself its own program, read-only, while it starts a container. */
const OF_A_STARTING_CONTAINER = /\/states\/[^/ ]+\/runc\.\w+ /;

/** What a worker (by default this process) has on the machine right now. */
export function tracesOf(worker: ProcessIdentity = ownIdentity()): Traces {
  const mine = (prefix: string) => (name: string) => name.startsWith(nameOwnedBy(worker, prefix, ''));
  const parents = ownCgroupDirectories(readCgroupMounts());
  return {
    processes: sandboxProcessesBelow(worker.pid),
    cgroups: parents.flatMap((parent) =>
      listed(parent)
        .filter(mine('assay'))
        .map((name) => join(parent, name)),
    ),
    mounts: readFileSync('/proc/self/mounts', 'latin1')
      .split('\n')
      .filter((line) => line.includes(nameOwnedBy(worker, 'assay-sandbox', '')) && !OF_A_STARTING_CONTAINER.test(line)),
    folders: listed(tmpdir()).filter(mine('assay-sandbox')),
    descriptors: listed(`/proc/${worker.pid}/fd`).length,
  };
}

function pathsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...pathsBelow(path)] : [path];
  });
}

/** All paths below a worker's scratch folders, sorted; links are not followed. Without the named pipes of slots, which stay. */
export function scratchFilesOf(worker: ProcessIdentity = ownIdentity()): readonly string[] {
  return tracesOf(worker)
    .folders.flatMap((folder) => pathsBelow(join(tmpdir(), folder)))
    .filter((path) => !/\/private\/\d+\.(?:out|err|report)$/.test(path))
    .toSorted();
}

/** Users that only sandboxes run as, see `uid-pool.ts`. */
const isSandboxUser = (uid: number): boolean => uid >= 60_578 && uid <= 61_183;

/** Whose a process is; null when it is gone, or is gone but for its entry, which its parent has still to read. */
function ownerOf(pid: number): { readonly uid: number; readonly parent: number } | null {
  const stat = readProcessStat(pid);
  if (stat === null || stat[0] === 'Z' || stat[0] === 'X') return null;
  try {
    return { uid: statSync(`/proc/${pid}`).uid, parent: Number(stat[1]) };
  } catch {
    return null;
  }
}

/**
 * Processes of the sandbox's users, of whichever worker, that no worker would find any more: the first of their forebears
 * that is of another user is the machine's first process. None where programs run as the worker's own user, which cannot be
 * told apart so.
 */
export function strayProcesses({ uidDrop }: Pick<SandboxCapabilities, 'uidDrop'>): readonly string[] {
  if (!uidDrop) return [];
  return listed('/proc')
    .map(Number)
    .filter((pid) => {
      let owner = Number.isInteger(pid) ? ownerOf(pid) : null;
      if (owner === null || !isSandboxUser(owner.uid)) return false;
      let parent = owner.parent;
      while ((owner = ownerOf(parent)) !== null && isSandboxUser(owner.uid)) parent = owner.parent;
      return parent <= 1;
    })
    .map((pid) => `${pid} ${nameOf(pid) ?? 'gone'}`);
}
