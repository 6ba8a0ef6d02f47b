import { relativePathFault } from '../../grading/relative-path.js';
import { PackageFault } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import type { Warn } from '../translated-package.js';
import { type ProgramFile, withMain } from './program-files.js';

/** Folders of `include/` by the runtime whose submissions get their files; `default` is for all. */
const FOLDERS: Readonly<Record<string, string>> = {
  default: '',
  c: 'c',
  cpp: 'cpp',
  java: 'java',
  python3: 'python',
  javascript: 'node',
};

/** Files that are laid beside every submission. */
export interface Included {
  readonly files: readonly object[];
  /** Runtimes for which one of them is what is started: submissions are called by it. */
  readonly driven: ReadonlySet<string>;
}

/** Names of what is started in place of a submission. */
const DRIVER = /^(?:main|grader)[.]/i;

/**
 * The files that are laid beside every submission. An assignment knows one set of them: where students choose the language, they
 * find those of all.
 *
 * @throws PackageFault where two languages have different files of one name
 */
export function includedFiles(tree: PackageTree, runtimes: readonly string[], warn: Warn): Included {
  const driven = new Set<string>();
  const found = new Map<string, { readonly content: Uint8Array; readonly from: string }>();
  for (const folder of tree.entries('include').folders) {
    const runtime = Object.hasOwn(FOLDERS, folder) ? FOLDERS[folder] : undefined;
    if (runtime === undefined || (runtime !== '' && !runtimes.includes(runtime))) {
      warn(`include/${folder}`, 'is for a language that the assignment does not take: left out');
      continue;
    }
    const own = tree
      .below(`include/${folder}`)
      .map((path) => ({ path, content: tree.bytes(`include/${folder}/${path}`) }));
    const isDriven = own.some(({ path }) => DRIVER.test(path));
    if (isDriven) driven.add(runtime);
    for (const { path, content } of isDriven ? withDriver(own, runtime) : own) {
      const from = `include/${folder}/${path}`;
      const fault = relativePathFault(path);
      if (fault !== null) throw PackageFault.at(from, fault);
      const other = found.get(path);
      if (other !== undefined && Buffer.compare(other.content, content) !== 0) {
        throw PackageFault.at(from, `differs from ${other.from}: choose one language with --runtime`);
      }
      found.set(path, { content, from });
    }
  }
  const files = [...found].map(([path, { content }]) => {
    const text = utf8Text(content);
    return text === null
      ? { path, content: Buffer.from(content).toString('base64'), encoding: 'base64', hidden: true }
      : { path, content: text, hidden: true };
  });
  return { files, driven };
}

/** With what the runtime looks for beside it: submissions may name the driver as it is called. */
function withDriver(files: readonly ProgramFile[], runtime: string): readonly ProgramFile[] {
  const driver = files.filter(({ path }) => DRIVER.test(path));
  const paths = new Set(files.map(({ path }) => path));
  return [...files, ...withMain(driver, runtime).filter(({ path }) => !paths.has(path))];
}
