import { cappedLimit, oneLine, runtimeFields, uniqueNames, withinCeilings } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import type { PackageTree } from '../package-tree.js';
import { isMap, mapOrEmpty, textOf, type YamlMap } from '../read-yaml.js';
import { type TranslatedPackage, type TranslationOptions, type Warn, Warnings } from '../translated-package.js';
import { allOrNothing, gradedGroups, scoredGroups, type Scoring, testPathsOf } from './groups.js';
import { kattisModels } from './models.js';
import { compareOptions } from './output-flags.js';
import { attributionOf, statementOf } from './statement.js';
import { type KattisData, type KattisGroup, type KattisTest, readTestData, TEST_GROUP, TESTDATA } from './test-data.js';
import { CHECKER_NAME, checkerOf } from './validator.js';

/** The file that says what a problem is; whatever has it is a Kattis package. */
export const PROBLEM_FILE = 'problem.yaml';

/** The versions whose test data is described by `testdata.yaml`, and those with `test_group.yaml`. */
const OLDER = ['legacy', 'legacy-icpc', '2023-07-draft', '2023-07'];
const NEWER = ['2025-09', '2025-09-draft', 'draft'];

/** A package says nothing of languages, or names many; of those that Assay has the student chooses. */
const ANY_RUNTIME = ['python', 'node', 'c', 'cpp', 'java'];

const DEFAULT_TIME_MS = 2000;

/** What the other limits are where a package names none: what Kattis gives. */
const DEFAULT_ROOM = { memoryMiB: 2048, outputKiB: 8192 } as const;

/** Keys of problem.yaml that are read, or say nothing that could be graded; all others are named in a warning. */
const READ_KEYS = new Set(
  (
    'problem_format_version type name uuid version limits validation validator_flags grading author credits source ' +
    'source_url license rights_owner keywords languages'
  ).split(' '),
);

/** What else lies in a package, and why it stays there. */
const OTHER_FOLDERS: Readonly<Record<string, string>> = {
  input_validators: 'they check the test data, which Assay does not do',
  input_format_validators: 'they check the test data, which Assay does not do',
  graders: 'graders are not run: the scoring of groups is used',
  static_validator: 'is not run: submissions are judged by what they do',
  include: 'files that are added to submissions are not taken over: add them to `files` of the grading document',
  attachments: 'attachments are not taken over: put them into the instructions or into `files`',
};

/**
 * Reads a Kattis problem package and says with a grading document what it says.
 *
 * @throws PackageFault for what cannot be graded like that
 */
export function readKattisPackage(tree: PackageTree, options: TranslationOptions): TranslatedPackage {
  const warnings = new Warnings();
  const { warn } = warnings;
  const problem = tree.yaml(PROBLEM_FILE);
  const version = textOf(problem['problem_format_version']) || 'legacy';
  const isNew = isNewer(version, warn);
  const isScoring = checkedType(problem);
  const checker = checkerOf(problem, tree, version);
  const data = readTestData(tree, isNew ? TEST_GROUP : TESTDATA, warn);
  const scored = scoringOf(data, isNew, isScoring, warn);
  const runtimes = options.runtimes.length > 0 ? options.runtimes : ANY_RUNTIME;
  warnOfTheRest(problem, tree, warn);
  const grading = {
    ...runtimeFields(runtimes),
    limits: limitsOf(problem, tree, options, warn),
    ...(scored.stopOnFailure ? { stopOnFailure: true } : {}),
    ...(checker === null ? {} : { checkers: [checker], checker: CHECKER_NAME }),
    ...testsAndGroups(data, scored, problem, { hasChecker: checker !== null, warn }),
  };
  const instructions = [statementOf(tree, warn), attributionOf(problem)].filter((text) => text !== '').join('\n\n');
  return {
    assignment: { title: titleOf(problem) || oneLine(options.name), instructions, grading },
    models: kattisModels(tree, runtimes, warn),
    warnings: warnings.list(),
  };
}

function isNewer(version: string, warn: Warn): boolean {
  if (OLDER.includes(version)) return false;
  if (!NEWER.includes(version)) {
    warn(
      `${PROBLEM_FILE}#/problem_format_version`,
      `${version} is not known: read as ${NEWER[0] ?? ''}, look at the result`,
    );
  }
  return true;
}

/** Whether it gives points. @throws PackageFault for problems that are judged in a way that Assay has not */
function checkedType(problem: YamlMap): boolean {
  const types = [problem['type'] ?? 'pass-fail'].flat().map(textOf);
  const strange = types.find((type) => type !== 'pass-fail' && type !== 'scoring');
  if (strange !== undefined) {
    throw PackageFault.at(`${PROBLEM_FILE}#/type`, `"${strange}" problems cannot be graded by Assay`);
  }
  if (mapOrEmpty(problem['grading'])['objective'] === 'min') {
    throw PackageFault.at(`${PROBLEM_FILE}#/grading/objective`, 'fewer points cannot be better');
  }
  return types.includes('scoring');
}

function scoringOf(data: KattisData, isNew: boolean, isScoring: boolean, warn: Warn): Scoring {
  if (!isNew) return gradedGroups(data, isScoring, warn);
  if (isScoring) return scoredGroups(data, warn);
  return allOrNothing([...(data.sample === null ? [] : testPathsOf(data.sample)), ...testPathsOf(data.secret)], true);
}

function testsAndGroups(
  data: KattisData,
  scored: Scoring,
  problem: YamlMap,
  { hasChecker, warn }: { readonly hasChecker: boolean; readonly warn: Warn },
): object {
  const nameOf = uniqueNames(warn);
  const groupNameOf = uniqueNames(warn);
  const names = new Map<string, string>();
  const tests: object[] = [];
  const add = (group: KattisGroup, visibility: string): void => {
    for (const test of group.tests) {
      const name = nameOf(test.name, test.path);
      names.set(test.path, name);
      tests.push({
        kind: 'program',
        name,
        ...(test.description === null ? {} : { description: test.description.slice(0, 2000) }),
        points: 0,
        visibility,
        stdin: test.input,
        ...(test.args.length === 0 ? {} : { args: test.args }),
        ...judgedBy(test, flagsOf(problem, test), hasChecker, (flags) =>
          compareOptions(flags, flagsPathOf(group), warn),
        ),
      });
    }
    for (const below of group.groups) add(below, visibility);
  };
  if (data.sample !== null) add(data.sample, 'visible');
  add(data.secret, 'hidden');
  const groups = scored.groups.map((group) => ({
    ...group,
    name: groupNameOf(group.name, 'data'),
    tests: group.tests.flatMap((path) => names.get(path) ?? []),
  }));
  return { tests, groups };
}

/** How its output is judged: by the checker, or by comparing. */
function judgedBy(
  { answer }: KattisTest,
  flags: readonly string[],
  hasChecker: boolean,
  compare: (flags: readonly string[]) => object,
): object {
  if (!hasChecker) return { expect: { stdout: answer, ...compare(flags) } };
  return { expect: { stdout: answer }, ...(flags.length === 0 ? {} : { checkerArgs: flags }) };
}

function flagsOf(problem: YamlMap, { config }: KattisTest): readonly string[] {
  const own = config['output_validator_flags'];
  const flags = isMap(own) ? own['flags'] : own;
  const args: unknown[] = Array.isArray(config['output_validator_args']) ? config['output_validator_args'] : [];
  return [textOf(problem['validator_flags']), textOf(flags), ...args.map(textOf)]
    .join(' ')
    .split(/\s+/)
    .filter((flag) => flag !== '');
}

function flagsPathOf({ ownConfig, configPath }: KattisGroup): string {
  for (const key of ['output_validator_flags', 'output_validator_args']) {
    if (ownConfig[key] !== undefined) return `${configPath}#/${key}`;
  }
  return `${PROBLEM_FILE}#/validator_flags`;
}

function limitPath(key: string): string {
  return `${PROBLEM_FILE}#/limits/${key}`;
}

/** Limits that say nothing about a submission's run. */
const SILENT_LIMITS = /^(?:time_resolution|compilation_|validation_)/;

function limitsOf(problem: YamlMap, tree: PackageTree, { ceilings }: TranslationOptions, warn: Warn): object {
  const limits = mapOrEmpty(problem['limits']);
  const number = (key: string): number => {
    const value = Number(limits[key]);
    if (!(value > 0 && value < Infinity)) throw PackageFault.at(limitPath(key), 'must be a number above 0');
    return value;
  };
  const result = withinCeilings(DEFAULT_ROOM, ceilings);
  if (limits['memory'] !== undefined) {
    result['memoryMiB'] = cappedLimit('memoryMiB', number('memory'), ceilings, limitPath('memory'), warn);
  }
  if (limits['output'] !== undefined) {
    result['outputKiB'] = cappedLimit('outputKiB', number('output') * 1024, ceilings, limitPath('output'), warn);
  }
  for (const key of Object.keys(limits)) {
    const isRead = [
      'time_limit',
      'memory',
      'output',
      'time_multipliers',
      'time_multiplier',
      'time_safety_margin',
    ].includes(key);
    if (!isRead && !SILENT_LIMITS.test(key)) warn(limitPath(key), 'has no counterpart: left out');
  }
  const seconds = limits['time_limit'] === undefined ? timeLimitFile(tree) : number('time_limit');
  const path = limits['time_limit'] === undefined ? '.timelimit' : limitPath('time_limit');
  if (seconds !== null) return { timeMs: cappedLimit('timeMs', seconds * 1000, ceilings, path, warn), ...result };
  warn(
    `${PROBLEM_FILE}#/limits`,
    `names no time limit, Kattis measures the solutions of the package: ${DEFAULT_TIME_MS} ms of CPU time here`,
  );
  return { timeMs: DEFAULT_TIME_MS, ...result };
}

/** Tools leave the time limit that they measured beside the package. */
function timeLimitFile(tree: PackageTree): number | null {
  if (tree.has('.timelimit')) {
    const seconds = Number(tree.text('.timelimit').trim());
    if (seconds > 0 && seconds < Infinity) return seconds;
  }
  const ini = tree.has('domjudge-problem.ini') ? tree.text('domjudge-problem.ini') : '';
  const seconds = Number(/^\s*timelimit\s*=\s*['"]?([\d.]+)/m.exec(ini)?.[1]);
  return seconds > 0 ? seconds : null;
}

function titleOf({ name }: YamlMap): string {
  return oneLine(isMap(name) ? textOf(name['en'] ?? Object.values(name)[0]) : textOf(name));
}

function warnOfTheRest(problem: YamlMap, tree: PackageTree, warn: Warn): void {
  for (const key of Object.keys(problem).filter((one) => !READ_KEYS.has(one))) {
    warn(`${PROBLEM_FILE}#/${key}`, 'has no counterpart: left out');
  }
  for (const key of Object.keys(mapOrEmpty(problem['grading'])).filter((one) => one !== 'objective')) {
    warn(`${PROBLEM_FILE}#/grading/${key}`, 'has no counterpart: left out');
  }
  for (const [folder, reason] of Object.entries(OTHER_FOLDERS)) if (tree.hasFolder(folder)) warn(folder, reason);
}
