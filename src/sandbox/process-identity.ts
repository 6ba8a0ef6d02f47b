import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names one process for good: a pid alone is given again to another process. Used in the names of what a worker leaves on
 * the machine (cgroups, folders), so that a later worker can tell a dead one's remains from a living one's property.
 */
export interface ProcessIdentity {
  /** Number of the pid namespace: another container's pids mean nothing here. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks between boot and the process's start. */
  readonly startTime: string;
}

/** Fields of `/proc/<pid>/stat` after the name, which may itself hold blanks and parentheses; null when there is none. */
export function readProcessStat(pid: number): readonly string[] | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function startTimeOf(pid: number): string | null {
  return readProcessStat(pid)?.[19] ?? null;
}

/** Who is running this code. */
export function ownIdentity(): ProcessIdentity {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  return { pidNamespace: namespace, pid: process.pid, startTime: startTimeOf(process.pid) ?? '0' };
}

/** `<prefix>-<namespace>-<pid>-<start>-<suffix>`. */
export function nameOwnedBy(identity: ProcessIdentity, prefix: string, suffix: string): string {
  return `${prefix}-${identity.pidNamespace}-${identity.pid}-${identity.startTime}-${suffix}`;
}

/**
 * True when `name` was made by {@link nameOwnedBy} for a process of our pid namespace that is no longer there. What another
 * container made is never called abandoned: from here nobody can tell.
 */
export function isAbandoned(name: string, prefix: string, own: ProcessIdentity): boolean {
  if (!name.startsWith(`${prefix}-`)) return false;
  const match = /^(\d+)-(\d+)-(\d+)-/.exec(name.slice(prefix.length + 1));
  if (match === null || match[1] !== own.pidNamespace) return false;
  return startTimeOf(Number(match[2])) !== match[3];
}
