import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, lstatSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { isReachableByAll } from './reachable.js';
import type { SandboxLogger } from './sandbox-logger.js';

/** Where programs find the toolbox: Node looks there for what `/box` and its folders do not have, in both module systems. */
export const TOOLBOX_FOLDER = '/node_modules';

/** `toolbox/` of the installation: seen from the source, and from the built code. */
const PLACES = ['../../toolbox', '../../../toolbox'] as const;
const COPY_TIMEOUT_MS = 120_000;

const runFile = promisify(execFile);

/**
 * The packages that students' programs may import without bringing them: the `node_modules` of a folder with a
 * `package.json` and its lock, installed by `npm run toolbox`.
 *
 * @param folder what the operator chose; null for the one that comes with Assay.
 * @returns null where none is installed. Programs then find the standard library alone.
 */
export async function findToolbox(folder: string | null): Promise<string | null> {
  const places = folder === null ? PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))) : [folder];
  for (const place of places) {
    const packages = join(place, 'node_modules');
    try {
      await access(join(packages, '.package-lock.json'), constants.R_OK);
      return packages;
    } catch {
      // Not installed there.
    }
  }
  return null;
}

/**
 * A path of the toolbox that the users can reach as whom programs run: the toolbox itself, or, where it lies in a folder of
 * somebody's own, a copy in `parent`, made once for each set of packages and kept for later workers.
 *
 * @throws Error when it cannot be copied.
 */
export async function reachableToolbox(packages: string, parent: string, log: SandboxLogger): Promise<string> {
  const lock = join(packages, '.package-lock.json');
  if (isReachableByAll(lock)) return packages;
  const digest = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16);
  const copy = join(parent, `assay-toolbox-${process.geteuid?.() ?? 0}-${digest}`);
  if (isOurs(copy)) return copy;
  log('info', `sandbox: the toolbox is copied to ${parent}, because other users cannot reach ${packages}`);
  const unfinished = `${copy}.${process.pid}`;
  try {
    await runFile('/usr/bin/cp', ['-R', '--reflink=auto', packages, unfinished], { timeout: COPY_TIMEOUT_MS, env: {} });
    await runFile('/usr/bin/chmod', ['-R', 'u=rwX,go=rX', unfinished], { timeout: COPY_TIMEOUT_MS, env: {} });
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another worker of ours was faster.
    if (!isOurs(copy)) throw error;
  }
  return copy;
}

/** A name alone proves nothing in a folder that everybody can write to. */
function isOurs(path: string): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined || !status.isDirectory() || status.uid !== process.geteuid?.()) return false;
  return (statSync(path).mode & constants.S_IWOTH) === 0;
}
