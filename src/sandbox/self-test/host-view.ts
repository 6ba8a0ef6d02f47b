import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

import type { HostView } from './probe.js';

/** Of every Linux; a program that sees one of them sees what is not its own. */
const PRIVATE_PLACES = ['/', '/root', '/home', '/var', '/srv', '/mnt', '/media', '/boot', '/etc', '/run', '/tmp'];

const NAMESPACES = ['pid', 'mnt', 'ipc', 'net', 'uts', 'user', 'cgroup'];

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/**
 * `path` by `path`… by its identity: a program that finds the very same file or folder under the same path sees the host's; one
 * that finds another there sees its own.
 */
function identities(paths: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const status = orNull(() => statSync(path));
    if (status !== null) found.set(`${status.dev}:${status.ino}`, path);
  }
  return found;
}

/** The host as the worker sees it, and somebody who listens on it until `close`. */
export class ObservedHost {
  private constructor(
    readonly view: HostView,
    private readonly server: Server,
  ) {}

  /** @throws Error when no port of the loopback can be had. */
  static async observe(): Promise<ObservedHost> {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // Nobody stays in a process for its sake.
    server.unref();
    const address = server.address();
    const view: HostView = {
      namespaces: new Map(
        NAMESPACES.flatMap((name) => {
          const link = orNull(() => readlinkSync(`/proc/self/ns/${name}`));
          return link === null ? [] : [[name, link] as const];
        }),
      ),
      // Where the worker was started lie its data, unless it was told otherwise.
      privatePlaces: identities([...PRIVATE_PLACES, process.cwd()]),
      corePattern: orNull(() => readFileSync('/proc/sys/kernel/core_pattern', 'latin1').trim()),
      listeningPort: typeof address === 'object' && address !== null ? address.port : 0,
    };
    return new ObservedHost(view, server);
  }

  /**
   * How many processes of the host have `mark` among their arguments. Zero also where the worker cannot see them, as in a
   * virtual machine.
   */
  countProcesses(mark: string): number {
    const pids = orNull(() => readdirSync('/proc'))?.filter((name) => /^\d+$/.test(name)) ?? [];
    return pids.filter((pid) => orNull(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1'))?.includes(mark) === true)
      .length;
  }

  close(): void {
    this.server.close();
  }
}
