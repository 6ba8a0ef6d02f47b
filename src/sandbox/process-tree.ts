import { readdirSync, readFileSync } from 'node:fs';

import { readProcessStat } from './process-identity.js';

/** Clock ticks per second in `/proc`; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Direct children of one thread of a process, by default its first; empty when it is gone or the kernel keeps no such list. */
export function childrenOf(pid: number, thread = pid): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Everything that a process, any of its threads or their children started and that is still its descendant. */
export function descendantsOf(pid: number): readonly number[] {
  let threads: readonly number[];
  try {
    threads = readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
  return threads.flatMap((thread) => childrenOf(pid, thread)).flatMap((child) => [child, ...descendantsOf(child)]);
}

/**
 * CPU time of a process, its living descendants and the dead ones that were waited for, in milliseconds. A program can hide
 * from this (children that nobody waits for): only for machines without cgroups.
 */
export function cpuTimeOfTreeMs(pid: number): number {
  const fields = readProcessStat(pid);
  if (fields === null) return 0;
  // proc_pid_stat(5): utime, stime, cutime, cstime are fields 14 to 17; the list here starts with field 3.
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * (1000 / TICKS_PER_SECOND);
  return childrenOf(pid).reduce((sum, child) => sum + cpuTimeOfTreeMs(child), own);
}
