import { PackageFault } from './package-fault.js';
import type { PackageFiles } from './package-tree.js';

/** What a package may hold once its links are files. */
export interface TreeLimits {
  readonly files: number;
  readonly bytes: number;
}

const LEADS_AWAY =
  'is a link that leads out of the package, nowhere or in a circle: put in the file or folder itself, or a link within the package';

/**
 * Puts in the place of symbolic links what they lead to, within the package and within bounds: a link to a folder is all of
 * its files. Links may lead to links. Nothing outside of the package is ever looked at.
 *
 * @param links targets as written in the archive, by the path of the link
 * @throws PackageFault
 */
export function resolveLinks(
  files: PackageFiles,
  links: ReadonlyMap<string, string>,
  limits: TreeLimits,
): PackageFiles {
  const resolved = new Map(files);
  const pending = new Map([...links].map(([path, target]) => [path, targetOf(path, target)]));
  let bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const add = (path: string, content: Uint8Array): void => {
    resolved.set(path, content);
    bytes += content.length;
    if (resolved.size > limits.files || bytes > limits.bytes) {
      throw PackageFault.at(path, `is a link with which the package holds too much: at most ${limits.files} files`);
    }
  };
  while (pending.size > 0) {
    const before = pending.size;
    for (const [path, target] of pending) {
      // What still holds a link, or is reached over one, waits for that one.
      if ([...pending.keys()].some((other) => isWithin(other, target) || isWithin(target, other))) continue;
      const found = [...resolved].filter(([file]) => isWithin(file, target));
      if (found.length === 0) continue;
      for (const [file, content] of found) add(path + file.slice(target.length), content);
      pending.delete(path);
    }
    if (pending.size === before) {
      throw new PackageFault([...pending.keys()].slice(0, 50).map((path) => ({ path, message: LEADS_AWAY })));
    }
  }
  return resolved;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Where a link leads, from the root of the package. */
function targetOf(path: string, target: string): string {
  const names = path.split('/').slice(0, -1);
  for (const name of target.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) throw PackageFault.at(path, LEADS_AWAY);
  }
  if (target.startsWith('/') || names.length === 0) throw PackageFault.at(path, LEADS_AWAY);
  return names.join('/');
}
