import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CGROUP_PREFIX, nextCgroupSuffix, ownCgroupDirectories, readCgroupMounts } from '../cgroup.js';
import { nameOwnedBy, type ProcessIdentity } from '../process-identity.js';
import { childrenOf } from '../process-tree.js';
import type { SupervisorLaunch, SupervisorLauncher } from '../supervisor-launcher.js';
import { CONTAINER_ROOT_UID } from '../uid-pool.js';
import { buildOciConfig, mapUsers } from './oci-config.js';
import type { OciRuntime } from './oci-runtime.js';

/** While a runtime builds a container, what it will be may not be there to be killed yet. */
const KILL_AGAIN_MS = 20;
/** A runtime needs some tens of milliseconds to remove a container whose processes are dead. */
const END_TIMEOUT_MS = 5_000;

const NO_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/** Children of every thread: a runtime written in Go starts processes from any of its own. */
function allChildrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOf(pid, Number(thread)));
  } catch {
    return [];
  }
}

function removeDirectory(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Not there, or not ours to remove yet: the next worker tries again.
  }
}

/**
 * Starts supervisors in containers of an OCI runtime, one container each, in the foreground: the runtime ends when the container
 * has ended, and removes it.
 *
 * No runtime dies with its parent. When the worker dies, its end of the supervisor's standard input closes; the supervisor then
 * leaves, what it is the first process of goes with it, and the runtime ends because its container has. Should somebody kill
 * the runtime itself, the supervisor gets the signal that it asked for.
 */
export class OciLauncher implements SupervisorLauncher {
  readonly name: string;
  private readonly bundles: string;
  private readonly states: string;

  /** @param folder for bundles and the runtime's own notes; nobody else may read or write it. */
  constructor(
    private readonly runtime: OciRuntime,
    folder: string,
    private readonly owner: ProcessIdentity,
  ) {
    this.name = `oci/${runtime.name}`;
    this.bundles = join(folder, 'bundles');
    this.states = join(folder, 'states');
    for (const path of [this.bundles, this.states]) mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  launch({ layout, supervisor, arguments: words, uid, binds, descriptors }: SupervisorLaunch): ChildProcess {
    // Also the name of the cgroups that some runtimes make, which the next worker knows as a dead one's.
    const id = nameOwnedBy(this.owner, CGROUP_PREFIX, `container-${nextCgroupSuffix()}`);
    const bundle = join(this.bundles, id);
    mkdirSync(bundle, { mode: 0o700 });
    const ids = mapUsers(
      uid ?? process.geteuid?.() ?? 0,
      uid === null ? null : CONTAINER_ROOT_UID,
      this.runtime.needsRootUser,
    );
    writeFileSync(
      join(bundle, 'config.json'),
      JSON.stringify(
        buildOciConfig({ layout, binds, supervisor, arguments: words, mappings: ids.mappings, uid: ids.uid }),
      ),
    );
    const [program = '', ...given] = this.runtime.command;
    // Runtimes want every number to be taken, and those written in Go take free ones for themselves.
    const nothing = openSync('/dev/null', 'r');
    try {
      const child = spawn(
        program,
        [
          ...given,
          '--root',
          this.states,
          'run',
          '--bundle',
          bundle,
          ...this.runtime.runArguments(descriptors.length),
          id,
        ],
        {
          // Pipes only: runtimes give these three to the container's user, and `/dev/null` of the host would go with them.
          stdio: ['pipe', 'pipe', 'pipe', ...descriptors.map((one) => (one === 'ignore' ? nothing : one))],
          env: NO_ENVIRONMENT,
          cwd: '/',
          // A Ctrl-C at the terminal is for the worker, which may want to finish what runs.
          detached: true,
        },
      );
      child.once('exit', (code) => this.forget(id, code === 0));
      child.once('error', () => this.forget(id, true));
      return child;
    } finally {
      closeSync(nothing);
    }
  }

  /**
   * Kills what the runtime has started, which is the supervisor or will be; the runtime then removes the container. The
   * runtime itself is killed when nothing else helps: it would leave the container's remains to us.
   */
  kill(child: ChildProcess): void {
    const pid = child.pid;
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const killInside = () => {
      for (const inside of allChildrenOf(pid)) {
        try {
          process.kill(inside, 'SIGKILL');
        } catch {
          // Died meanwhile.
        }
      }
    };
    killInside();
    const again = setInterval(killInside, KILL_AGAIN_MS);
    const last = setTimeout(() => {
      killInside();
      child.kill('SIGKILL');
    }, END_TIMEOUT_MS);
    child.once('exit', () => {
      clearInterval(again);
      clearTimeout(last);
    });
  }

  /** Removes what is left of a container that has ended. @param isClean the runtime has done its own part. */
  private forget(id: string, isClean: boolean): void {
    rmSync(join(this.bundles, id), { recursive: true, force: true });
    rmSync(join(this.states, id), { recursive: true, force: true });
    if (isClean) return;
    for (const directory of ownCgroupDirectories(readCgroupMounts())) removeDirectory(join(directory, id));
  }
}
