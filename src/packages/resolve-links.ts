import { PackageFault } from './package-fault.js';
import type { PackageFiles } from './package-tree.js';

/** What a package may hold once its links are files. */
export interface TreeLimits {
  readonly files: number;
  readonly bytes: number;
}

const MOST_FAULTS = 50;

const LEADS_AWAY =
  'is a link that leads out of the package, nowhere or in a circle: put in the file or folder itself, or a link within the package';

/**
 * Puts in the place of symbolic links what they lead to, within the package and within bounds: a link to a folder is all of
 * its files. Links may lead to links. Nothing outside of the package is ever looked at, and each link is looked at once.
 *
 * @param links targets as written in the archive, by the path of the link
 * @throws PackageFault
 */
export function resolveLinks(
  files: PackageFiles,
  links: ReadonlyMap<string, string>,
  limits: TreeLimits,
): PackageFiles {
  const tree = new LinkedTree(files, links, limits);
  const bad = [...links.keys()].filter((path) => !tree.resolve(path));
  if (bad.length > 0) {
    throw new PackageFault(bad.slice(0, MOST_FAULTS).map((path) => ({ path, message: LEADS_AWAY })));
  }
  return tree.resolved;
}

class LinkedTree {
  readonly resolved: Map<string, Uint8Array>;
  private readonly targets: ReadonlyMap<string, string>;
  /** Sorted, so that those within a folder stand together. */
  private readonly paths: readonly string[];
  /** What came of a link; `begun` while those that it waits for are looked at. */
  private readonly states = new Map<string, 'begun' | 'good' | 'bad'>();
  private bytes: number;

  constructor(
    files: PackageFiles,
    links: ReadonlyMap<string, string>,
    private readonly limits: TreeLimits,
  ) {
    this.resolved = new Map(files);
    this.targets = new Map([...links].map(([path, target]) => [path, targetOf(path, target)]));
    this.paths = [...links.keys()].toSorted();
    this.bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether a link leads to files of the package, which are then in its place. */
  resolve(path: string): boolean {
    if (!this.states.has(path)) this.resolveWithOthers(path);
    return this.states.get(path) === 'good';
  }

  /** First the links that it waits for, and those that they wait for: a list, because a chain may be longer than any stack. */
  private resolveWithOthers(path: string): void {
    const waiting = [this.begin(path)];
    for (let last = waiting.at(-1); last !== undefined; last = waiting.at(-1)) {
      const next = last.others.next();
      if (next.done !== true) {
        const state = this.states.get(next.value);
        if (state === undefined) waiting.push(this.begin(next.value));
        // What is begun waits for itself.
        else if (state !== 'good') last.isGood = false;
        continue;
      }
      waiting.pop();
      const isGood = last.isGood && this.replace(last.path);
      this.states.set(last.path, isGood ? 'good' : 'bad');
      const before = waiting.at(-1);
      if (before !== undefined && !isGood) before.isGood = false;
    }
  }

  private begin(path: string): { readonly path: string; readonly others: Iterator<string>; isGood: boolean } {
    this.states.set(path, 'begun');
    return { path, others: this.touching(this.targetOf(path)), isGood: true };
  }

  /** False where it leads to no file. */
  private replace(path: string): boolean {
    const target = this.targetOf(path);
    const one = this.resolved.get(target);
    const found: [string, Uint8Array][] =
      one === undefined ? [...this.resolved].filter(([file]) => isWithin(file, target)) : [[target, one]];
    for (const [file, content] of found) this.add(path + file.slice(target.length), content);
    return found.length > 0;
  }

  private targetOf(path: string): string {
    return this.targets.get(path) ?? path;
  }

  /** The links on the way to a path, and those within it. */
  private *touching(path: string): Generator<string, void> {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (this.targets.has(path.slice(0, at))) yield path.slice(0, at);
    }
    if (this.targets.has(path)) yield path;
    const prefix = `${path}/`;
    for (let index = this.firstFrom(prefix); this.paths[index]?.startsWith(prefix) === true; index += 1) {
      yield this.paths[index] ?? path;
    }
  }

  private firstFrom(prefix: string): number {
    let [low, high] = [0, this.paths.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.paths[middle] ?? '') < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private add(path: string, content: Uint8Array): void {
    this.resolved.set(path, content);
    this.bytes += content.length;
    if (this.resolved.size <= this.limits.files && this.bytes <= this.limits.bytes) return;
    throw PackageFault.at(path, `is a link with which the package holds too much: at most ${this.limits.files} files`);
  }
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
