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

/** Pids below `pid` whose name is one of a sandbox's own, or that run as one of its users. */
export function sandboxProcessesBelow(pid: number): readonly string[] {
  return descendantsOf(pid).flatMap((child) => {
    try {
      const status = readFileSync(`/proc/${child}/status`, 'latin1');
      const name = /^Name:\t(.*)$/m.exec(status)?.[1] ?? '';
      const uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
      return name === 'bwrap' || (uid >= 60_578 && uid <= 61_183) ? [`${child} ${name} uid ${uid}`] : [];
    } catch {
      return [];
    }
  });
}

/** What a worker (by default this process) has on the machine right now. */
export function tracesOf(worker: ProcessIdentity = ownIdentity()): Traces {
  const mine = (prefix: string) => (name: string) => name.startsWith(nameOwnedBy(worker, prefix, ''));
  const parents = [null, 'memory', 'pids', 'cpuacct'].map((controller) => ownCgroupDirectory(readCgroupMounts(), controller));
  return {
    processes: sandboxProcessesBelow(worker.pid),
    cgroups: parents.flatMap((parent) => (parent === null ? [] : listed(parent).filter(mine('assay')).map((name) => join(parent, name)))),
    mounts: readFileSync('/proc/self/mounts', 'latin1').split('\n').filter((line) => line.includes('assay-sandbox')),
    folders: listed(tmpdir()).filter(mine('assay-sandbox')),
    descriptors: listed(`/proc/${worker.pid}/fd`).length,
  };
}
