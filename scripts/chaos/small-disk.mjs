import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../lib/processes.mjs';

/**
 * @typedef {object} SmallDisk a file system of its own, in memory, that can be full and have room again
 * @property {string} path
 * @property {() => Promise<void>} fill
 * @property {() => Promise<void>} makeRoom
 */

/**
 * @param {string} path
 * @param {number} mebibytes
 * @param {import('../lib/cleanup.mjs').Cleanup} cleanup
 * @returns {Promise<SmallDisk | null>} null where this user may mount nothing
 */
export async function mountSmallDisk(path, mebibytes, cleanup) {
  await mkdir(path, { mode: 0o711 });
  const { status } = await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=711`, 'tmpfs', path]);
  if (status !== 0) return null;
  // Lazily: what a killed process left open must not keep us from cleaning up.
  cleanup.add(() => run('umount', ['-l', path]));
  const filler = join(path, 'filler');
  return {
    path,
    async fill() {
      await writeFile(filler, '');
      // To the last byte: dd ends with an error when there is no room.
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k', 'conv=notrunc']);
    },
    async makeRoom() {
      await truncate(filler, 0).catch(() => {});
      await rm(filler, { force: true });
    },
  };
}
