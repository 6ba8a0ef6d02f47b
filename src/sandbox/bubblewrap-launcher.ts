import { type ChildProcess, spawn } from 'node:child_process';

import { buildSupervisorArguments } from './bubblewrap-arguments.js';
import { childrenOf } from './process-tree.js';
import type { SupervisorLaunch, SupervisorLauncher } from './supervisor-launcher.js';

/** After being killed, everything is gone within milliseconds unless the kernel is stuck. */
const END_TIMEOUT_MS = 5_000;

/**
 * Kills the first process inside of a bubblewrap that the worker started: the kernel then ends its whole pid namespace before
 * bubblewrap learns of it. Killing bubblewrap itself would let us go on while the rest is still dying; that is for when nothing
 * else helps.
 */
export function killInside(child: ChildProcess): void {
  const pid = child.pid;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(childrenOf(pid)[0] ?? pid, 'SIGKILL');
  } catch {
    // Died meanwhile.
  }
  const last = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  child.once('exit', () => clearTimeout(last));
}

/** Starts supervisors in bubblewrap: one `bwrap` each. */
export class BubblewrapLauncher implements SupervisorLauncher {
  readonly name = 'bubblewrap';

  /** @param program path of `bwrap`, 0.8 or later. */
  constructor(private readonly program: string) {}

  launch({ layout, supervisor, arguments: words, uid, binds, descriptors }: SupervisorLaunch): ChildProcess {
    return spawn(this.program, buildSupervisorArguments(layout, { binds, supervisor, arguments: words }), {
      stdio: ['pipe', 'pipe', 'pipe', ...descriptors],
      env: {},
      cwd: '/',
      // A Ctrl-C at the terminal is for the worker, which may want to finish what runs.
      detached: true,
      ...(uid === null ? {} : { uid, gid: uid }),
    });
  }

  kill(child: ChildProcess): void {
    killInside(child);
  }
}
