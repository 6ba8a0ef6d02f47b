import { relativePathFault } from '../../grading/relative-path.js';
import type { Verdict } from '../../grading/verdict.js';
import { type Expectation, MODEL_VERDICTS, type ModelSubmission, runtimeOfFiles } from '../model-submission.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { isMap, textOf, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';

/** Limits that Kattis has no word for: memory counts as a crash there, output as wrong. */
const CRASHES: readonly Verdict[] = ['runtime_error', 'memory_limit_exceeded'];
const WRONG: readonly Verdict[] = ['wrong_answer', 'output_limit_exceeded'];
const REJECTING = MODEL_VERDICTS.filter((verdict) => verdict !== 'accepted' && verdict !== 'compile_error');

const any = (verdicts: readonly Verdict[]): Expectation => ({ verdicts, score: null, isPartial: false });

/** What the folders of `submissions/` say, in all versions of the format, and what they are called here. */
const FOLDERS: Readonly<Record<string, { readonly folder: string; readonly expected: Expectation }>> = {
  accepted: { folder: 'accepted', expected: any(['accepted']) },
  slow_accepted: { folder: 'accepted', expected: any(['accepted']) },
  partially_accepted: { folder: 'partially_accepted', expected: { verdicts: null, score: null, isPartial: true } },
  rejected: { folder: 'rejected', expected: any(MODEL_VERDICTS.filter((verdict) => verdict !== 'accepted')) },
  wrong_answer: { folder: 'wrong_answer', expected: any(WRONG) },
  time_limit_exceeded: { folder: 'time_limit_exceeded', expected: any(['time_limit_exceeded']) },
  run_time_error: { folder: 'runtime_error', expected: any(CRASHES) },
  memory_limit_exceeded: { folder: 'memory_limit_exceeded', expected: any(CRASHES) },
  output_limit_exceeded: { folder: 'output_limit_exceeded', expected: any(WRONG) },
  compile_error: { folder: 'compile_error', expected: any(['compile_error']) },
  brute_force: { folder: 'rejected', expected: any(['time_limit_exceeded', ...CRASHES]) },
};

/** The verdicts of `submissions.yaml`. */
const CODES: Readonly<Record<string, readonly Verdict[]>> = {
  AC: ['accepted'],
  WA: WRONG,
  TLE: ['time_limit_exceeded'],
  RTE: CRASHES,
};

const LIST = 'submissions/submissions.yaml';

/** More prove nothing that fewer would not. */
const MOST_MODELS = 100;

/** The file that a runtime starts. */
const MAIN_FILE: Readonly<Record<string, string>> = { python: 'main.py', node: 'main.js', bash: 'main.sh' };

/** The example submissions of a Kattis package that one of `runtimes` can run; all others are warnings. */
export function kattisModels(tree: PackageTree, runtimes: readonly string[], warn: Warn): ModelSubmission[] {
  const list = tree.has(LIST) ? tree.yaml(LIST) : {};
  const models: ModelSubmission[] = [];
  for (const folder of tree.entries('submissions').folders) {
    const known = Object.hasOwn(FOLDERS, folder) ? FOLDERS[folder] : undefined;
    if (known === undefined) {
      warn(`submissions/${folder}`, 'is a folder whose name says no verdict: left out');
      continue;
    }
    const { files, folders } = tree.entries(`submissions/${folder}`);
    for (const name of [...files, ...folders].filter((one) => !/^[.-]|^README|\.(?:md|txt)$/.test(one)).toSorted()) {
      const path = `${folder}/${name}`;
      const program = programOf(tree, path, runtimes, warn);
      if (program === null) continue;
      const expected = listedExpectation(list, path, folder, known.expected, warn);
      models.push({ path: uniquePath(`${known.folder}/${name}`, models), ...program, expected });
    }
  }
  if (models.length > MOST_MODELS) warn('submissions', `are more than ${MOST_MODELS}: the others are left out`);
  return models.slice(0, MOST_MODELS);
}

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
  runtimes: readonly string[],
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
  return { runtime, files: withMain(files, runtime) };
}

function isPython2(content: Uint8Array): boolean {
  const text = utf8Text(content) ?? '';
  return /^#!.*python2/.test(text) || /^\s*print\s+["'\w]/m.test(text) || /\braw_input\s*\(/.test(text);
}

/** Gives the file that is run the name under which the runtime looks for it. */
export function withMain(files: ModelSubmission['files'], runtime: string): ModelSubmission['files'] {
  if (runtime === 'java') return withJavaMain(files);
  const main = MAIN_FILE[runtime];
  if (main === undefined || files.some(({ path }) => path === main)) return files;
  const ending = main.slice(main.indexOf('.'));
  const only = files.filter(({ path }) => path.startsWith('__main__.') || path.endsWith(ending));
  const [first] = only;
  if (first === undefined) return files;
  return files.map((file) => (file === first ? { ...file, path: main } : file));
}

/** Kattis finds the class that has a `main`; here it is `Main`, which hands over to it. */
function withJavaMain(files: ModelSubmission['files']): ModelSubmission['files'] {
  if (files.some(({ path }) => path === 'Main.java')) return files;
  const starting = files
    .map((file) => ({ file, text: utf8Text(file.content) ?? '' }))
    .find(({ text }) => /\bstatic\s+(?:public\s+)?void\s+main\s*\(|\bpublic\s+static\s+void\s+main\s*\(/.test(text));
  if (starting === undefined) return files;
  const { text } = starting;
  const before = text.slice(0, text.search(/\bstatic\s+(?:public\s+)?void\s+main|\bpublic\s+static\s+void\s+main/));
  const name = [...before.matchAll(/\bclass\s+(\w+)/g)].at(0)?.[1];
  if (name === undefined || /^\s*package\s/m.test(text)) return files;
  // A public class must lie in a file of its own name.
  const named = files.map((file) => (file === starting.file ? { ...file, path: `${name}.java` } : file));
  if (name === 'Main') return named;
  const main = `public class Main {\n  public static void main(String[] args) throws Exception {\n    ${name}.main(args);\n  }\n}\n`;
  return [...named, { path: 'Main.java', content: Buffer.from(main) }];
}

/** What `submissions.yaml` says of one submission, as far as it is about the whole of it. */
function listedExpectation(
  list: YamlMap,
  path: string,
  folder: string,
  byFolder: Expectation,
  warn: Warn,
): Expectation {
  let expected = byFolder;
  for (const [glob, value] of Object.entries(list)) {
    if (!globMatches(glob, path) || !isMap(value)) continue;
    const at = `${LIST}#/${glob.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    for (const key of Object.keys(value).filter((one) => isMap(value[one]))) {
      warn(`${at}/${key}`, 'is about a part of the tests, which is not compared: left out');
    }
    for (const key of ['message', 'entrypoint', 'language'].filter((one) => value[one] !== undefined)) {
      warn(`${at}/${key}`, 'has no counterpart: left out');
    }
    const verdicts = codesOf(value['required']) ?? codesOf(value['permitted']);
    if (verdicts !== null) {
      // The name of a folder replaces what it stands for; all else asks for more.
      const kept =
        glob === folder ? verdicts : verdicts.filter((verdict) => expected.verdicts?.includes(verdict) ?? true);
      expected = { ...expected, verdicts: kept.length === 0 ? verdicts : kept };
    }
    const score = scoreOf(value['score']);
    if (score !== null) expected = { ...expected, score };
  }
  return expected;
}

function codesOf(value: unknown): readonly Verdict[] | null {
  if (!Array.isArray(value)) return null;
  const codes: unknown[] = value;
  const verdicts = MODEL_VERDICTS.filter((verdict) =>
    codes.some((code) => Object.hasOwn(CODES, textOf(code)) && CODES[textOf(code)]?.includes(verdict) === true),
  );
  return verdicts.length === 0 || verdicts.length >= REJECTING.length + 1 ? null : verdicts;
}

function scoreOf(value: unknown): Expectation['score'] {
  const bounds: unknown[] = Array.isArray(value) ? value : [value, value];
  const [least, most] = bounds.map((bound) => (typeof bound === 'number' ? bound : Number.NaN));
  return least !== undefined && most !== undefined && least >= 0 && most >= least ? { least, most } : null;
}

/** `*` within a name and `{a,b}`; a pattern for a folder is one for all in it. Linear: no pattern of an author is compiled. */
function globMatches(glob: string, path: string): boolean {
  return braces(glob).some((pattern) => {
    const [wanted, names] = [pattern.split('/'), path.split('/')];
    return wanted.length <= names.length && wanted.every((part, index) => nameMatches(part, names[index] ?? ''));
  });
}

function nameMatches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  let position = first.length;
  for (const [index, part] of rest.entries()) {
    if (index === rest.length - 1) return name.length - part.length >= position && name.endsWith(part);
    const found = name.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return true;
}

const MOST_BRACES = 100;

function braces(glob: string): readonly string[] {
  let patterns = [glob];
  for (let round = 0; round < 8; round += 1) {
    const next = patterns.flatMap((pattern) => {
      const group = /\{([^{}]*)\}/.exec(pattern);
      if (group === null) return [pattern];
      return (group[1] ?? '').split(',').map((word) => pattern.replace(group[0], () => word));
    });
    if (next.length === patterns.length || next.length > MOST_BRACES) return patterns;
    patterns = next;
  }
  return patterns;
}
