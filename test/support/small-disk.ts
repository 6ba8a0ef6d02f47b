import { execFile } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTemporaryFolder } from './temporary-folder.js';

const run = promisify(execFile);

/** More than what a worker keeps there, and little enough to be filled at once. */
const MIB = 16;

/** A folder that can be full, and have room again. */
export interface SmallDisk {
  readonly path: string;
  /** False: all that this process and its children write anywhere is refused while it is full. */
  readonly isOfItsOwn: boolean;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A file system of its own where this process may mount one. Elsewhere the kernel's limit on the size of a file stands in for
 * it: every write of this process fails, with another word for it (EFBIG).
 */
export async function createSmallDisk(): Promise<SmallDisk> {
  const folder = await createTemporaryFolder();
  await chmod(folder.path, 0o755);
  return process.geteuid?.() === 0 ? mounted(folder.path) : limited(folder.path);
}

async function mounted(path: string): Promise<SmallDisk> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${MIB}m,mode=755`, 'tmpfs', path]);
  const filler = join(path, 'filler');
  return {
    path,
    isOfItsOwn: true,
    // To the last byte: dd ends with an error when there is no room.
    fill: () => run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']).then(expectFull, () => undefined),
    makeRoom: () => rm(filler),
    remove: async () => {
      await run('umount', [path]);
      await rm(path, { recursive: true });
    },
  };
}

function expectFull(): never {
  throw new Error('The small disk has more room than it should.');
}

const limit = (bytes: string) => run('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);

function limited(path: string): SmallDisk {
  const trial = join(path, 'trial');
  return {
    path,
    isOfItsOwn: false,
    fill: async () => {
      await limit('0');
      await writeFile(trial, 'x').then(expectFull, () => undefined);
    },
    makeRoom: async () => {
      await limit('unlimited');
      await rm(trial, { force: true });
    },
    remove: async () => {
      await limit('unlimited');
      await rm(path, { recursive: true });
    },
  };
}
