import { cappedLimit, oneLine, runtimeFields, uniqueNames, withinCeilings } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import type { PackageTree } from '../package-tree.js';
import { isMap, mapOrEmpty, textOf, type YamlMap } from '../read-yaml.js';
import { type TranslatedPackage, type TranslationOptions, type Warn, Warnings } from '../translated-package.js';
import { withConstants } from './constants.js';
import { gradedGroups } from './graded-groups.js';
import { includedFiles } from './include.js';
import { kattisModels } from './models.js';
import { compareOptions } from './output-flags.js';
import { PROBLEM_FILE, type ProblemType, problemType } from './problem-type.js';
import { scoredGroups } from './scored-groups.js';
import { allOrNothing, type Scoring, withinGroupLimit } from './scoring.js';
import { attributionOf, statementOf } from './statement.js';
import {
  allTestsIn,
  type KattisData,
  type KattisGroup,
  type KattisTest,
  readTestData,
  TEST_GROUP,
  TESTDATA,
} from './test-data.js';
import { CHECKER_NAME, checkerOf, hasValidator } from './validator.js';

/** A package says nothing of languages, or names many; of those that Assay has the student chooses. */
const ANY_RUNTIME = ['python', 'node', 'c', 'cpp', 'java'];

const DEFAULT_TIME_MS = 2000;

/** What the other limits are where a package names none: what Kattis gives. */
const DEFAULT_ROOM = { memoryMiB: 2048, outputKiB: 8192 } as const;

/** Keys of problem.yaml that are read, or say nothing that could be graded; all others are named in a warning. */
const READ_KEYS = new Set(
  (
    'problem_format_version type name uuid version limits validation validator_flags grading author credits source ' +
    'source_url license rights_owner keywords languages embargo_until allow_file_writing constants'
  ).split(' '),
);

const READ_GRADING = new Set('objective accept_score reject_score range on_reject show_test_data_groups'.split(' '));

/** What else lies in a package, and why it stays there. */
const OTHER_FOLDERS: Readonly<Record<string, string>> = {
  input_validators: 'they check the test data, which Assay does not do',
  input_format_validators: 'they check the test data, which Assay does not do',
  graders: 'graders are not run: the scoring of groups is used',
  attachments: 'attachments are not taken over: put them into the instructions or into `files`',
};

/**
 * Reads a Kattis problem package and says with a grading document what it says.
 *
 * @throws PackageFault for what cannot be graded like that
 */
export function readKattisPackage(found: PackageTree, options: TranslationOptions): TranslatedPackage {
  const warnings = new Warnings();
  const { warn } = warnings;
  const problem = found.lenientYaml(PROBLEM_FILE);
  const tree = withConstants(found, problem);
  const hasTestGroups = [...tree.files.keys()].some((path) => path.endsWith(`/${TEST_GROUP.file}`));
  const type = problemType(problem, { hasValidator: hasValidator(tree), hasTestGroups }, warn);
  refuseStaticValidator(tree);
  const checker = checkerOf(problem, type, tree, options, warn);
  const data = readTestData(tree, type.isNew ? TEST_GROUP : { ...TESTDATA, overrides: overridesOf(problem) }, warn);
  const scoring = withinGroupLimit(scoringOf(data, type, warn));
  const runtimes = options.runtimes.length > 0 ? options.runtimes : languagesOf(problem, warn);
  warnOfTheRest(problem, tree, warn);
  const { files, driven } = includedFiles(tree, runtimes, warn);
  const grading = {
    ...runtimeFields(runtimes),
    ...(files.length === 0 ? {} : { files }),
    limits: limitsOf(problem, tree, options, warn),
    ...(scoring.stopOnFailure ? { stopOnFailure: true } : {}),
    ...(checker === null ? {} : { checkers: [checker], checker: CHECKER_NAME }),
    ...testsAndGroups(data, scoring, problem, { type, warn }),
  };
  const instructions = [statementOf(tree, warn), attributionOf(problem)].filter((text) => text !== '').join('\n\n');
  return {
    assignment: { title: titleOf(problem) || oneLine(options.name), instructions, grading },
    models: kattisModels(tree, { runtimes, driven }, warn),
    warnings: warnings.list(),
  };
}

/** What it would reject is not known here. */
function refuseStaticValidator(tree: PackageTree): void {
  if (!tree.hasFolder('static_validator')) return;
  throw PackageFault.at(
    'static_validator',
    'decides about submissions by their text, which Assay cannot do: take it away to have them judged by what they do alone',
  );
}

/** The oldest packages say for all folders at once what `testdata.yaml` says for one. */
function overridesOf(problem: YamlMap): YamlMap {
  const { accept_score, reject_score, range, on_reject } = mapOrEmpty(problem['grading']);
  const onReject = on_reject === 'first_error' ? 'break' : on_reject === 'grade' ? 'continue' : undefined;
  const given = Object.entries({ accept_score, reject_score, range, on_reject: onReject });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function scoringOf(data: KattisData, type: ProblemType, warn: Warn): Scoring {
  if (!type.isNew) return gradedGroups(data, type, warn);
  if (type.isScoring) return scoredGroups(data, type.usesOwnValidator, warn);
  const samples = data.sample === null ? [] : allTestsIn(data.sample);
  return allOrNothing([...samples, ...allTestsIn(data.secret)].map(({ path }) => path));
}

/** Languages by the codes of the format. */
const RUNTIME_OF_LANGUAGE: Readonly<Record<string, string>> = {
  c: 'c',
  cpp: 'cpp',
  java: 'java',
  javascript: 'node',
  python3: 'python',
};

function languagesOf({ languages }: YamlMap, warn: Warn): readonly string[] {
  const codes: unknown[] = Array.isArray(languages) ? languages : textOf(languages).split(/[\s,]+/);
  const wanted = codes.map((code) => RUNTIME_OF_LANGUAGE[textOf(code)]);
  const found = ANY_RUNTIME.filter((runtime) => wanted.includes(runtime));
  if (found.length > 0) return found;
  if (languages !== undefined && !codes.includes('all')) {
    warn(`${PROBLEM_FILE}#/languages`, `names none of those that Assay has: ${ANY_RUNTIME.join(', ')} are taken`);
  }
  return ANY_RUNTIME;
}

function testsAndGroups(
  data: KattisData,
  { groups, testPoints }: Scoring,
  problem: YamlMap,
  { type, warn }: { readonly type: ProblemType; readonly warn: Warn },
): object {
  const nameOf = uniqueNames(warn);
  const names = new Map<string, string>();
  const tests: object[] = [];
  const add = (group: KattisGroup, visibility: string): void => {
    for (const member of group.members) {
      if (member.kind === 'group') {
        add(member, visibility);
        continue;
      }
      const name = nameOf(member.name, member.path);
      names.set(member.path, name);
      tests.push({
        kind: 'program',
        name,
        ...(member.description === null ? {} : { description: member.description.slice(0, 2000) }),
        points: testPoints.get(member.path) ?? 0,
        visibility,
        stdin: member.input,
        ...(member.args.length === 0 ? {} : { args: member.args }),
        ...judgedBy(member, flagsOf(problem, member), type.usesOwnValidator, (flags) =>
          compareOptions(flags, flagsPathOf(group), warn),
        ),
      });
    }
  };
  // The input of an interactive problem is for the validator; the format forbids to show it.
  if (data.sample !== null) add(data.sample, type.isInteractive ? 'hidden' : 'visible');
  add(data.secret, 'hidden');
  return {
    tests,
    groups: groups.map(({ tests: paths, ...group }) => ({
      ...group,
      ...(paths === undefined ? {} : { tests: paths.flatMap((path) => names.get(path) ?? []) }),
    })),
  };
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

/** Those of the problem, those of the folder, and from 2025-09 on arguments that may hold white space. */
function flagsOf(problem: YamlMap, { config }: KattisTest): readonly string[] {
  const own = config['output_validator_flags'];
  const words = [textOf(problem['validator_flags']), textOf(isMap(own) ? own['flags'] : own)]
    .flatMap((text) => text.split(/\s+/))
    .filter((flag) => flag !== '');
  const args: unknown[] = [config['output_validator_args'] ?? []].flat();
  return [...words, ...args.map(textOf)];
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
  for (const key of Object.keys(mapOrEmpty(problem['grading'])).filter((one) => !READ_GRADING.has(one))) {
    warn(`${PROBLEM_FILE}#/grading/${key}`, 'has no counterpart: left out');
  }
  for (const [folder, reason] of Object.entries(OTHER_FOLDERS)) if (tree.hasFolder(folder)) warn(folder, reason);
}
