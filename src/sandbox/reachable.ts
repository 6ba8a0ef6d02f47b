import { constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** True when a user who is nobody in particular may reach and read `path`. */
export function isReachableByAll(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
    if (folder === '/') break;
  }
  return (statSync(path).mode & constants.S_IROTH) !== 0;
}
