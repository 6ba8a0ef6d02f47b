import { runtimeOfFiles } from '../model-submission.js';
import { PackageFault } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { textOf, type YamlMap } from '../read-yaml.js';
import { withMain } from './models.js';

/** Where output validators lie, in the older versions and in the newer ones. */
const FOLDERS = ['output_validators', 'output_validator'];

/** What the checker of an assignment that was a Kattis package is called. */
export const CHECKER_NAME = 'output validator';

/**
 * The checker that a package's output validator is; null where the default one is used.
 *
 * @throws PackageFault for validators that nothing here can run
 */
export function checkerOf(problem: YamlMap, tree: PackageTree, version: string): object | null {
  const folder = FOLDERS.find((one) => tree.hasFolder(one));
  const words = (
    textOf(problem['validation']) || (version.startsWith('legacy') || folder === undefined ? 'default' : 'custom')
  )
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words[0] === 'default') return null;
  const unknown = words.slice(1).find((word) => word === 'interactive' || word === 'score');
  if (unknown !== undefined) {
    throw PackageFault.at('problem.yaml#/validation', `"${unknown}" validators cannot be run by Assay`);
  }
  if (folder === undefined) {
    throw PackageFault.at('output_validators', 'holds no validator, and problem.yaml names one');
  }
  const { files, folders } = tree.entries(folder);
  // Either one program in a folder of its own, or its files right here.
  const [only] = folders;
  const root = files.length === 0 && folders.length === 1 && only !== undefined ? `${folder}/${only}` : folder;
  const found = tree.below(root).map((path) => ({ path, content: tree.bytes(`${root}/${path}`) }));
  const runtime = runtimeOfFiles(found.map(({ path }) => path));
  const script = found.find(({ path }) => path === 'build' || path === 'run');
  if (runtime === null || script !== undefined) {
    throw PackageFault.at(
      script === undefined ? root : `${root}/${script.path}`,
      'is not a validator in Python, JavaScript, C, C++ or Java alone: Assay cannot run it',
    );
  }
  return {
    name: CHECKER_NAME,
    runtime,
    files: withMain(found, runtime).map(({ path, content }) => {
      const text = utf8Text(content);
      return text === null
        ? { path, content: Buffer.from(content).toString('base64'), encoding: 'base64' }
        : { path, content: text };
    }),
  };
}
