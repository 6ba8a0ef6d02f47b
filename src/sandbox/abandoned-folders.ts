import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { isAbandoned, type ProcessIdentity } from './process-identity.js';

/** Begins the names of the folders that a worker makes for its sandboxes. */
export const SCRATCH_PREFIX = 'assay-sandbox';

/** Removes folders of dead workers. Only our own user's: a name alone proves nothing in a folder that everybody can write to. */
export function removeAbandonedFolders(parent: string, prefix: string, own: ProcessIdentity): void {
  for (const name of readdirSync(parent)) {
    if (!isAbandoned(name, prefix, own)) continue;
    const path = join(parent, name);
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined || !status.isDirectory() || status.uid !== process.geteuid?.()) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
