import { CHECKER_LIMITS, type NumericLimit } from '../../grading/limits.js';
import { cappedLimit } from '../document-parts.js';
import { runtimeOfFiles } from '../model-submission.js';
import { PackageFault } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { mapOrEmpty, type YamlMap } from '../read-yaml.js';
import type { TranslationOptions, Warn } from '../translated-package.js';
import { PROBLEM_FILE, type ProblemType } from './problem-type.js';
import { type ProgramFile, withMain } from './program-files.js';

/** Where output validators lie, in the older versions and in the newer ones. */
const FOLDERS = ['output_validators', 'output_validator'];

/** What the checker of an assignment that was a Kattis package is called. */
export const CHECKER_NAME = 'output validator';

/** Started in place of what a `build` script makes, or of a `run` script. */
const STARTER = 'main.sh';

const BUILD_TIME_MS = 30_000;
const TALK_KIB = 8192;

/** Whether a package has a validator of its own. */
export function hasValidator(tree: PackageTree): boolean {
  return FOLDERS.some((folder) => tree.below(folder).length > 0);
}

/**
 * The checker that a package's output validator is; null where the default one is used.
 *
 * @throws PackageFault for validators that nothing here can run
 */
export function checkerOf(
  problem: YamlMap,
  type: ProblemType,
  tree: PackageTree,
  { ceilings }: TranslationOptions,
  warn: Warn,
): object | null {
  if (!type.usesOwnValidator) return null;
  const folder = FOLDERS.find((one) => tree.hasFolder(one));
  if (folder === undefined) {
    throw PackageFault.at('output_validators', 'holds no validator, and problem.yaml names one');
  }
  const { root, files } = programIn(tree, folder);
  return {
    name: CHECKER_NAME,
    ...started(files, root),
    ...(type.isInteractive ? { interactive: true } : {}),
    ...limitsOf(problem, type, ceilings, warn),
  };
}

/** Its runtime, its files and how it is built. */
function started(found: readonly ProgramFile[], root: string): object {
  const script = found.find(({ path }) => path === 'build' || path === 'run');
  if (script !== undefined) {
    const hasBuild = found.some(({ path }) => path === 'build');
    const starter = { path: STARTER, content: Buffer.from('exec ./run "$@"\n') };
    return {
      runtime: 'bash',
      files: [...found, starter].map((file) => documentFile(file, ['build', 'run'].includes(file.path))),
      ...(hasBuild ? { build: { run: './build', timeMs: BUILD_TIME_MS } } : {}),
    };
  }
  const runtime = runtimeOfFiles(found.map(({ path }) => path));
  if (runtime === null) {
    throw PackageFault.at(
      root,
      'is not a validator in Python, JavaScript, C, C++, Java or Bash alone: Assay cannot run it',
    );
  }
  return { runtime, files: withMain(found, runtime).map((file) => documentFile(file, false)) };
}

function documentFile({ path, content }: ProgramFile, isExecutable: boolean): object {
  const text = utf8Text(content);
  const executable = isExecutable ? { executable: true } : {};
  return text === null
    ? { path, content: Buffer.from(content).toString('base64'), encoding: 'base64', ...executable }
    : { path, content: text, ...executable };
}

/**
 * The files of the only validator: right in the folder, or in a folder of its own.
 *
 * @throws PackageFault for several, which must all agree
 */
function programIn(
  tree: PackageTree,
  folder: string,
): { readonly root: string; readonly files: readonly ProgramFile[] } {
  const { files, folders } = tree.entries(folder);
  const own = files.filter((file) => !/^[.]|^README|[.](?:md|txt)$/i.test(file));
  const sources = own.filter((file) => runtimeOfFiles([file]) !== null || file === 'build' || file === 'run');
  const [only] = folders;
  const isOfFolders = folder === 'output_validators' && folders.length > 0;
  if (isOfFolders && (folders.length > 1 || sources.length > 0)) {
    throw PackageFault.at(folder, 'holds several validators: leave the one that decides');
  }
  const root = only !== undefined && sources.length === 0 ? `${folder}/${only}` : folder;
  const paths =
    root === folder
      ? [...own, ...folders.flatMap((one) => tree.below(`${folder}/${one}`).map((path) => `${one}/${path}`))]
      : tree.below(root);
  return { root, files: paths.map((path) => ({ path, content: tree.bytes(`${root}/${path}`) })) };
}

/** What one run of it may use: the guarantees that a package asks for, where they are more than any checker gets. */
function limitsOf(
  problem: YamlMap,
  { isInteractive }: ProblemType,
  ceilings: TranslationOptions['ceilings'],
  warn: Warn,
): object {
  const limits = mapOrEmpty(problem['limits']);
  const kept: Partial<Record<NumericLimit, number>> = {};
  const raise = (limit: NumericLimit, key: string, unit: number): void => {
    const value = Number(limits[key] ?? Number.NaN) * unit;
    if (!(value > CHECKER_LIMITS[limit] && value < Infinity)) return;
    kept[limit] = cappedLimit(limit, value, ceilings, `${PROBLEM_FILE}#/limits/${key}`, warn);
  };
  raise('timeMs', 'validation_time', 1000);
  raise('memoryMiB', 'validation_memory', 1);
  // What it tells a submission can be as much as a submission may answer.
  if (isInteractive) kept.outputKiB = Math.min(TALK_KIB, ceilings.outputKiB);
  return Object.keys(kept).length === 0 ? {} : { limits: kept };
}
