import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

import { readCgroupMounts, ownCgroupDirectory } from '../../src/sandbox/cgroup.js';
import { nameOwnedBy, ownIdentity, type ProcessIdentity } from '../../src/sandbox/process-identity.js';

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

function descendantsOf(pid: number): readonly number[] {
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

/** Every `bwrap` below `pid`, and all that is below it. */
export function sandboxProcessesBelow(pid: number): readonly string[] {
  const outermost = descendantsOf(pid).filter((child) => nameOf(child) === 'bwrap');
  const all = new Set(outermost.flatMap((child) => [child, ...descendantsOf(child)]));
  return [...all].map((child) => `${child} ${nameOf(child) ?? 'gone'}`);
}

/**
 * What an open session may keep running: bubblewrap, the supervisor, and the first process of the next step. And what ended
 * between being listed and being asked for its name.
 */
const STANDING: ReadonlySet<string> = new Set(['bwrap', 'supervisor', 'assay-test', 'gone']);

/** Processes of students' programs, and whatever else is no part of an open session. */
export function programsOf(worker: ProcessIdentity = ownIdentity()): readonly string[] {
  return sandboxProcessesBelow(worker.pid).filter((line) => !STANDING.has(line.slice(line.indexOf(' ') + 1)));
}

/** What a worker (by default this process) has on the machine right now. */
export function tracesOf(worker: ProcessIdentity = ownIdentity()): Traces {
  const mine = (prefix: string) => (name: string) => name.startsWith(nameOwnedBy(worker, prefix, ''));
  const parents = [null, 'memory', 'pids', 'cpuacct'].map((controller) =>
    ownCgroupDirectory(readCgroupMounts(), controller),
  );
  return {
    processes: sandboxProcessesBelow(worker.pid),
    cgroups: parents.flatMap((parent) =>
      parent === null
        ? []
        : listed(parent)
            .filter(mine('assay'))
            .map((name) => join(parent, name)),
    ),
    mounts: readFileSync('/proc/self/mounts', 'latin1')
      .split('\n')
      .filter((line) => line.includes('assay-sandbox')),
    folders: listed(tmpdir()).filter(mine('assay-sandbox')),
    descriptors: listed(`/proc/${worker.pid}/fd`).length,
  };
}
