import type { ChildProcess } from 'node:child_process';

import type { BubblewrapLayout } from './bubblewrap-arguments.js';
import type { RuntimeBind } from './runtimes.js';

/** What one supervisor is started with. */
export interface SupervisorLaunch {
  readonly layout: BubblewrapLayout;
  /** Folder on the host with the supervisor's program, readable for the user it runs as. */
  readonly supervisor: string;
  /** For the supervisor's program. */
  readonly arguments: readonly string[];
  /** User of the host that everything inside runs as; null: the worker's own. */
  readonly uid: number | null;
  readonly binds: readonly RuntimeBind[];
  /**
   * Open files that become the descriptors 3 and up, in this order; `ignore` leaves a number out. The caller closes its
   * own when `launch` has returned.
   */
  readonly descriptors: readonly (number | 'ignore')[];
}

/**
 * Starts the supervisor as the first process of new namespaces, with the read-only root of the layout, and with no right but
 * those that it needs inside (`native/README.md`).
 */
export interface SupervisorLauncher {
  /** Program in use, for messages. */
  readonly name: string;
  /**
   * Descriptors 0 to 2 are pipes. The returned process ends when everything inside has ended, and not before; what is
   * inside ends when the worker dies.
   */
  launch(launch: SupervisorLaunch): ChildProcess;
  /** Kills everything inside; the process of {@link launch} then ends by itself. Harmless when it has ended. */
  kill(child: ChildProcess): void;
}

/** The supervisor as it is given to every sandbox of this machine. */
export interface Supervisor {
  readonly launcher: SupervisorLauncher;
  /** A folder with copies that the user whom it runs as may read and execute; `SUPERVISOR_FILES` names them. */
  readonly folder: string;
  /** The system-call filter that it sets for programs, or null for none. */
  readonly filter: Buffer | null;
  /** What makes a Python interpreter a template was built as well. */
  readonly hasTemplate: boolean;
}
