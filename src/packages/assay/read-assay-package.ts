import { relativePathFault } from '../../grading/relative-path.js';
import { MODEL_FOLDERS, type ModelSubmission } from '../model-submission.js';
import { PackageFault } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { isMap, readYamlMap, type YamlMap } from '../read-yaml.js';
import { type TranslatedPackage, type TranslationOptions, type Warn, Warnings } from '../translated-package.js';
import { fileTag } from './file-reference.js';
import { resolveReferences } from './resolve-references.js';
import { listedSubmission, SUBMISSION_LIST } from './submission-list.js';

/** The file that says what an assignment is; whatever has it is a package of Assay's own format. */
export const ASSIGNMENT_FILE = 'assignment.yaml';
export const INSTRUCTIONS_FILE = 'instructions.md';

/** Version of the format. */
export const PACKAGE_VERSION = 1;

/** What may lie in a package and says nothing to a server. */
const SILENT = /^(?:README|LICEN[CS]E|CHANGELOG)(?:\.\w+)?$|^\./i;

/**
 * Reads a package of Assay's own format: `docs/packages.md` says what it looks like.
 *
 * @throws PackageFault
 */
export function readAssayPackage(tree: PackageTree, { runtimes }: TranslationOptions): TranslatedPackage {
  const warnings = new Warnings();
  const definition = readYamlMap(tree.text(ASSIGNMENT_FILE), ASSIGNMENT_FILE, [fileTag]);
  const { assay = PACKAGE_VERSION, status, instructions, grading: raw, ...fields } = definition;
  if (assay !== PACKAGE_VERSION) {
    throw PackageFault.at(`${ASSIGNMENT_FILE}#/assay`, `is not a version that is known: use ${PACKAGE_VERSION}`);
  }
  if (instructions !== undefined) {
    throw PackageFault.at(`${ASSIGNMENT_FILE}#/instructions`, `does not belong here: put it into ${INSTRUCTIONS_FILE}`);
  }
  if (status !== undefined && status !== 'draft') {
    warnings.warn(
      `${ASSIGNMENT_FILE}#/status`,
      'is left out: what is imported is a draft, to be published when it is proved',
    );
  }
  if (!isMap(raw)) throw PackageFault.at(`${ASSIGNMENT_FILE}#/grading`, 'must hold the grading document');
  const { value, used } = resolveReferences(raw, tree, `${ASSIGNMENT_FILE}#/grading`);
  const grading = withFolder(withRuntimes(isMap(value) ? value : {}, runtimes), tree, used);
  warnOfTheRest(tree, used, warnings.warn);
  return {
    assignment: {
      ...fields,
      title: fields['title'],
      ...(tree.has(INSTRUCTIONS_FILE) ? { instructions: tree.text(INSTRUCTIONS_FILE) } : {}),
      grading,
    },
    models: modelsOf(tree),
    warnings: warnings.list(),
  };
}

/** The runtimes asked for take the place of those that the package names. */
function withRuntimes(grading: YamlMap, runtimes: readonly string[]): YamlMap {
  const [only] = runtimes;
  if (only === undefined) return grading;
  const { runtime: _runtime, runtimes: _runtimes, ...rest } = grading;
  return runtimes.length === 1 ? { runtime: only, ...rest } : { runtimes, ...rest };
}

/** What lies in `files/` and nobody refers to is laid beside each submission, for all to see. */
function withFolder(grading: YamlMap, tree: PackageTree, used: ReadonlySet<string>): YamlMap {
  const added = tree
    .below('files')
    .filter((path) => !used.has(`files/${path}`))
    .map((path) => {
      const bytes = tree.bytes(`files/${path}`);
      const text = utf8Text(bytes);
      const executable = text?.startsWith('#!') === true ? { executable: true } : {};
      return text === null
        ? { path, content: Buffer.from(bytes).toString('base64'), encoding: 'base64' }
        : { path, content: text, ...executable };
    });
  if (added.length === 0) return grading;
  const listed: unknown = grading['files'] ?? [];
  return { ...grading, files: Array.isArray(listed) ? [...(listed as unknown[]), ...added] : listed };
}

function modelsOf(tree: PackageTree): ModelSubmission[] {
  const { files, folders } = tree.entries('submissions');
  const stray = files.find((file) => file !== 'submissions.yaml' && !SILENT.test(file));
  if (stray !== undefined) {
    throw PackageFault.at(
      `submissions/${stray}`,
      `must lie in a folder that names its verdict: ${MODEL_FOLDERS.join(', ')}`,
    );
  }
  const list = tree.has(SUBMISSION_LIST) ? tree.yaml(SUBMISSION_LIST) : {};
  const models = folders.flatMap((folder) => {
    if (!MODEL_FOLDERS.includes(folder)) {
      throw PackageFault.at(`submissions/${folder}`, `is not a verdict: use one of ${MODEL_FOLDERS.join(', ')}`);
    }
    // Either the files lie right here, or each folder is a solution of its own.
    const inside = tree.entries(`submissions/${folder}`);
    const paths = inside.files.length > 0 ? [folder] : inside.folders.map((name) => `${folder}/${name}`);
    return paths.map((path) => modelOf(tree, list, path, folder));
  });
  const unused = Object.keys(list).find((path) => !models.some((model) => model.path === path));
  if (unused !== undefined) {
    throw PackageFault.at(SUBMISSION_LIST, `names ${JSON.stringify(unused)}, which is not there`);
  }
  return models;
}

function modelOf(tree: PackageTree, list: YamlMap, path: string, folder: string): ModelSubmission {
  const files = tree.below(`submissions/${path}`).map((file) => {
    const fault = relativePathFault(file);
    if (fault !== null) throw PackageFault.at(`submissions/${path}/${file}`, fault);
    return { path: file, content: tree.bytes(`submissions/${path}/${file}`) };
  });
  return { path, ...listedSubmission(list, path, folder), files };
}

function warnOfTheRest(tree: PackageTree, used: ReadonlySet<string>, warn: Warn): void {
  for (const path of tree.files.keys()) {
    const [first = ''] = path.split('/');
    const isKnown = ['files', 'submissions'].includes(first) || [ASSIGNMENT_FILE, INSTRUCTIONS_FILE].includes(path);
    if (isKnown || used.has(path) || SILENT.test(first)) continue;
    warn(path, 'is referred to by nothing: left out');
  }
}
