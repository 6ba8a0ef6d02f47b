import { relativePathFault } from '../../grading/relative-path.js';
import { type ModelSubmission, runtimeOfFiles } from '../model-submission.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import type { Warn } from '../translated-package.js';
import { folderExpectation, LIST, listedEntrypoint, listedExpectation } from './expectations.js';
import { withMain } from './program-files.js';

/** More prove nothing that fewer would not. */
const MOST_MODELS = 100;

interface ModelContext {
  readonly runtimes: readonly string[];
  /** Runtimes for which the package brings the file that is started. */
  readonly driven: ReadonlySet<string>;
}

/** The example submissions of a Kattis package that one of `runtimes` can run; all others are warnings. */
export function kattisModels(tree: PackageTree, { runtimes, driven }: ModelContext, warn: Warn): ModelSubmission[] {
  const list = tree.has(LIST) ? tree.lenientYaml(LIST) : {};
  const models: ModelSubmission[] = [];
  for (const folder of tree.entries('submissions').folders) {
    const { files, folders } = tree.entries(`submissions/${folder}`);
    const names = [...files, ...folders].filter((one) => !NO_PROGRAM.test(one)).toSorted();
    let unknown = 0;
    for (const name of names) {
      const path = `${folder}/${name}`;
      const program = programOf(tree, path, { runtimes, driven, entrypoint: listedEntrypoint(list, path) }, warn);
      if (program === null) continue;
      const texts = program.files.map(({ content }) => utf8Text(content) ?? '');
      const byFolder = folderExpectation(folder, texts);
      const expected = listedExpectation(list, path, byFolder?.expected ?? null, warn);
      if (expected === null) unknown += 1;
      else models.push({ path: uniquePath(`${byFolder?.folder ?? 'rejected'}/${name}`, models), ...program, expected });
    }
    if (unknown > 0) {
      warn(`submissions/${folder}`, `is a folder whose name says no verdict: ${unknown} of its programs are left out`);
    }
  }
  if (models.length > MOST_MODELS) warn('submissions', `are more than ${MOST_MODELS}: the others are left out`);
  return models.slice(0, MOST_MODELS);
}

/** What lies beside programs. */
const NO_PROGRAM = /^[.-]|^README|^__pycache__$|[.](?:md|txt|h|hpp|disabled|exe|class|out)$/;

/** Two folders of a package may be one here. */
function uniquePath(wanted: string, models: readonly ModelSubmission[]): string {
  let path = wanted;
  for (let number = 2; models.some((model) => model.path.toLowerCase() === path.toLowerCase()); number += 1) {
    path = `${wanted}-${number}`;
  }
  return path;
}

function programOf(
  tree: PackageTree,
  path: string,
  { runtimes, driven, entrypoint }: ModelContext & { readonly entrypoint: string | null },
  warn: Warn,
): Pick<ModelSubmission, 'runtime' | 'files'> | null {
  const at = `submissions/${path}`;
  const isFile = tree.has(at);
  const found = isFile ? [path.slice(path.lastIndexOf('/') + 1)] : tree.below(at);
  const files = found
    .filter((file) => relativePathFault(file) === null)
    .map((file) => ({ path: file, content: tree.bytes(isFile ? at : `${at}/${file}`) }));
  const runtime = runtimeOfFiles(files.map((file) => file.path));
  if (runtime === null || !runtimes.includes(runtime)) {
    warn(at, 'is in a language that the assignment does not take: left out');
    return null;
  }
  if (runtime === 'python' && files.some(({ content }) => isPython2(content))) {
    warn(at, 'is for Python 2: left out');
    return null;
  }
  return { runtime, files: driven.has(runtime) ? files : withMain(files, runtime, entrypoint) };
}

function isPython2(content: Uint8Array): boolean {
  const text = utf8Text(content) ?? '';
  return /^#!.*python2/.test(text) || /^\s*print\s+["'\w]/m.test(text) || /\braw_input\s*\(/.test(text);
}
