import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** Tried in this order when none is named: the cheapest first. */
const KNOWN_RUNTIMES = ['crun', 'runc', 'runsc'] as const;

/** Not the worker's `PATH`: who may add to that need not be trusted with the sandbox. */
const PLACES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;

const VERSION_TIMEOUT_MS = 10_000;

/** Where systemd's hybrid layout shows the v2 tree beside the v1 hierarchies. */
const HYBRID_TREE = '/sys/fs/cgroup/unified';
const UNSHARE = '/usr/bin/unshare';

/**
 * Where a container of the worker's denies keyrings, as it should, these could not start at all. Programs may not use any:
 * their filter says so.
 */
const KEYRING_MAKERS: ReadonlySet<string> = new Set(['crun', 'runc']);

const runFile = promisify(execFile);

/** An OCI runtime as it is to be started on this machine. */
export interface OciRuntime {
  /** `crun`, `runc`, `runsc`, or what else it calls itself. */
  readonly name: string;
  readonly version: string;
  /** Program and arguments up to the command (`run`); the first is an absolute path. */
  readonly command: readonly string[];
  /** True where a container needs a user 0, if only while it is built. */
  readonly needsRootUser: boolean;
  /** Arguments of `run`; among them those that hand the descriptors 3 to `count + 2` on under the same numbers. */
  readonly runArguments: (count: number) => readonly string[];
}

/** Which runtimes an operator wants. */
export interface OciChoice {
  /** Name or absolute path; null: the first usable of those that are known. */
  readonly runtime: string | null;
  /** Put before the command, such as `--platform=kvm`. */
  readonly arguments: readonly string[];
}

/** A runtime, or why there is none by that name. */
export type FoundRuntime = { readonly runtime: OciRuntime } | { readonly name: string; readonly reason: string };

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What `runc`, `crun` and most others understand. */
function preserve(count: number): readonly string[] {
  return [`--preserve-fds=${count}`];
}

/** gVisor names each descriptor, outside and inside. */
function pass(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `--pass-fd=${index + 3}:${index + 3}`);
}

/** True where some controllers are in the v2 tree and others in v1 hierarchies. */
function isHybrid(): boolean {
  try {
    return readFileSync(join(HYBRID_TREE, 'cgroup.controllers'), 'latin1').trim() !== '';
  } catch {
    return false;
  }
}

/**
 * crun refuses to start anything on a hybrid machine, even when it need not touch cgroups at all
 * (`containers/crun:src/libcrun/cgroup.c`). The sandbox makes its own, so that crun may as well not see the v2 tree: root takes
 * it out of a mount namespace made for that one crun.
 */
const WITHOUT_HYBRID_TREE: readonly string[] = [
  UNSHARE,
  '--mount',
  '--propagation',
  'private',
  '/bin/sh',
  '-c',
  `umount -l ${HYBRID_TREE} && exec "$@"`,
  'sh',
];

function describeRuntime(program: string, versionText: string, given: readonly string[]): OciRuntime {
  const words = versionText.split('\n', 1)[0]?.trim().split(/\s+/) ?? [];
  const name = /^[\w.-]+$/.test(words[0] ?? '') && words[1] === 'version' ? (words[0] ?? '') : basename(program);
  const version = words[1] === 'version' ? (words[2] ?? 'unknown') : 'unknown';
  const isCrun = name === 'crun';
  const hides = isCrun && process.geteuid?.() === 0 && isHybrid() && isExecutable(UNSHARE);
  return {
    name,
    version,
    command: [
      ...(hides ? WITHOUT_HYBRID_TREE : []),
      program,
      ...(isCrun ? ['--cgroup-manager=disabled'] : []),
      ...given,
    ],
    needsRootUser: !isCrun,
    runArguments: (count) => [
      ...(KEYRING_MAKERS.has(name) ? ['--no-new-keyring'] : []),
      ...(name === 'runsc' ? pass : preserve)(count),
    ],
  };
}

async function findRuntime(wanted: string, given: readonly string[]): Promise<FoundRuntime> {
  const candidates = isAbsolute(wanted) ? [wanted] : PLACES.map((place) => join(place, wanted));
  const program = candidates.find(isExecutable);
  if (program === undefined) {
    return { name: wanted, reason: isAbsolute(wanted) ? 'there is no such program' : 'it is not installed' };
  }
  try {
    const { stdout } = await runFile(program, ['--version'], { env: {}, timeout: VERSION_TIMEOUT_MS });
    return { runtime: describeRuntime(program, stdout, given) };
  } catch (error) {
    return { name: wanted, reason: `it does not start: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The runtimes to be tried, in order; at least one entry. */
export async function findRuntimes(choice: OciChoice): Promise<readonly FoundRuntime[]> {
  const wanted = choice.runtime === null ? KNOWN_RUNTIMES : [choice.runtime];
  return Promise.all(wanted.map((name) => findRuntime(name, choice.arguments)));
}
