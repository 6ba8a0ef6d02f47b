import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { removeAbandonedFolders, SCRATCH_PREFIX } from './abandoned-folders.js';
import { ownCgroupDirectories, readCgroupMounts, readNumber } from './cgroup.js';
import { findNativeProgram } from './native-program.js';
import { nameOwnedBy, type ProcessIdentity } from './process-identity.js';
import type { Runtime } from './runtimes.js';
import type { SandboxLogger } from './sandbox-logger.js';

/** The usual tmpfs of a machine. Containers get one of 64 MiB as a rule, which is too small: nothing is copied then. */
const SHARED_MEMORY = '/dev/shm';
const TMPFS_MAGIC = 0x01021994;
/** A copy is made where this many times its size is free, so that nobody else goes short of memory for it. */
const SIZES_FREE = 8;
const COLLAPSE_TIMEOUT_MS = 20_000;

const runFile = promisify(execFile);

/**
 * Copies of large interpreters in memory, in pages of 2 MiB (`native/huge-pages`). An interpreter of 100 MB touches thousands
 * of pages before it comes to its program; from a copy its start costs a tenth less. Each is made when it is first wanted,
 * shared by all sandboxes of the worker, and removed by {@link remove} or by the next worker.
 */
export class InterpreterCopies {
  private readonly copies = new Map<string, Promise<string | null>>();
  private folder: string | null = null;
  private isRemoved = false;

  constructor(
    private readonly owner: ProcessIdentity,
    private readonly log: SandboxLogger,
    private readonly place = SHARED_MEMORY,
  ) {}

  /** The copy's path; null where there is none, or nothing would be gained. Never rejects. */
  async of(runtime: Runtime): Promise<string | null> {
    const source = runtime.largeProgram?.source;
    if (source === undefined || this.isRemoved) return null;
    let copy = this.copies.get(source);
    if (copy === undefined) {
      copy = this.make(source).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message.trim() : String(error);
        this.log('info', `sandbox: ${runtime.title} is started from its file, which is a little slower: ${reason}`);
        return null;
      });
      this.copies.set(source, copy);
    }
    return copy;
  }

  /** Harmless the second time. */
  async remove(): Promise<void> {
    this.isRemoved = true;
    await Promise.all(this.copies.values());
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
  }

  private async make(source: string): Promise<string> {
    const tool = findNativeProgram('assay-huge-pages');
    if (tool === null) throw new Error('assay-huge-pages was not built');
    const disk = statfsSync(this.place);
    if (disk.type !== TMPFS_MAGIC) throw new Error(`${this.place} is no tmpfs`);
    removeAbandonedFolders(this.place, SCRATCH_PREFIX, this.owner);
    const needed = SIZES_FREE * statSync(source).size;
    if (disk.bavail * disk.bsize < needed / 2) throw new Error(`${this.place} is too small`);
    if (freeMemoryBytes() < needed) throw new Error('too little memory is free');

    this.folder ??= mkdtempSync(join(this.place, nameOwnedBy(this.owner, SCRATCH_PREFIX, '')));
    // Sandboxes are started as other users.
    chmodSync(this.folder, 0o755);
    const copy = join(this.folder, String(this.copies.size));
    try {
      await copyFile(source, copy);
      chmodSync(copy, 0o755);
      await runFile(tool, [copy], { timeout: COLLAPSE_TIMEOUT_MS, env: {} });
      return copy;
    } catch (error) {
      rmSync(copy, { force: true });
      throw error;
    }
  }
}

/** What the machine has left, or a cgroup that we are in allows, whichever is less. */
function freeMemoryBytes(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
  const limits = ownCgroupDirectories(readCgroupMounts()).flatMap((directory) =>
    [['memory.max', 'memory.current'] as const, ['memory.limit_in_bytes', 'memory.usage_in_bytes'] as const].map(
      ([limit, used]) => roomIn(join(directory, limit), join(directory, used)),
    ),
  );
  return Math.min(Number(kib ?? 0) * 1024, ...limits);
}

function roomIn(limit: string, used: string): number {
  try {
    const room = readNumber(limit) - readNumber(used);
    // `max` is no number.
    return Number.isNaN(room) ? Number.POSITIVE_INFINITY : room;
  } catch {
    // Another version's file, or another controller's directory.
    return Number.POSITIVE_INFINITY;
  }
}
