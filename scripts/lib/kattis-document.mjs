import { readFile, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { kattisGroups } from './kattis-groups.mjs';
import { pathInPackage, readTestData, readYamlMap } from './kattis-test-data.mjs';
import { cappedLimit, oneLine, runtimeFields, testNames } from './package-document.mjs';
import { CommandFailure } from './progress.mjs';

/** The versions of the format whose test data is described by testdata.yaml. */
const READ_VERSIONS = ['legacy', 'legacy-icpc', '2023-07-draft'];

/** A package says nothing of languages; the student chooses, unless `runtimes` names what is wanted. */
const ANY_RUNTIME = ['python', 'node', 'c', 'cpp', 'java'];

const DEFAULT_TIME_MS = 2000;

/** Keys of problem.yaml that are read here; all others are named in a warning. */
const READ_KEYS = new Set(
  'problem_format_version type name limits validation validator_flags grading author credits source source_url license rights_owner'.split(
    ' ',
  ),
);

/** What else lies in a package, and why it stays there. */
const OTHER_FOLDERS = {
  submissions: 'example solutions are not taken over: hand some in to try the assignment',
  input_validators: 'they check the test data, which Assay does not do',
  input_format_validators: 'they check the test data, which Assay does not do',
  output_validators: 'programs that judge answers are not run: output is compared with the .ans files',
  output_validator: 'programs that judge answers are not run: output is compared with the .ans files',
  graders: 'graders are not run: the scoring of groups is used',
  include: 'files that are added to submissions are not taken over: add them to `files` of the grading document',
  attachments: 'attachments are not taken over: put them into the instructions or into `files`',
};

/**
 * Reads a Kattis problem package and says with a grading document what it says. Throws a CommandFailure for what cannot be
 * graded like that.
 *
 * @param {string} folder
 * @param {{ runtimes?: readonly string[] }} [options]
 * @returns {Promise<import('./package-document.mjs').LoadedPackage>}
 */
export async function kattisDocument(folder, { runtimes = [] } = {}) {
  const warnings = [];
  const warn = (path, message) => warnings.push({ path, message });
  const problem = await readYamlMap(await pathInPackage(folder, 'problem.yaml'), 'problem.yaml');
  const contents = new Set(await readdir(folder));
  const isScoring = checkedType(problem, contents, warn);
  const data = await readTestData(folder, warn);
  const scored = kattisGroups(data, isScoring, warn);

  const nameOf = testNames(warn);
  const groupNameOf = testNames(warn);
  const names = new Map();
  const tests = [];
  const add = (group, visibility) => {
    const expect = compareOptions(flagsOf(problem, group), group, warn);
    for (const { path, name, input, answer } of group.tests) {
      names.set(path, nameOf(name, path));
      tests.push({
        kind: 'program',
        name: names.get(path),
        points: 0,
        visibility,
        stdin: input,
        expect: { stdout: answer, ...expect },
      });
    }
    for (const below of group.groups) add(below, visibility);
  };
  if (data.sample !== null) add(data.sample, 'visible');
  add(data.secret, 'hidden');

  warnOfTheRest(problem, contents, warn);
  const grading = {
    ...runtimeFields(runtimes.length > 0 ? runtimes : ANY_RUNTIME),
    limits: limitsOf(problem.limits ?? {}, warn),
    ...(scored.stopOnFailure ? { stopOnFailure: true } : {}),
    tests,
    groups: scored.groups.map((group) => ({
      ...group,
      name: groupNameOf(group.name, 'data'),
      tests: group.tests.map((path) => names.get(path)),
    })),
  };
  const instructions = [await statement(folder, contents, warn), attribution(problem)]
    .filter((text) => text !== '')
    .join('\n\n');
  return { title: titleOf(problem, folder), instructions, grading, warnings };
}

/** Whether it gives points; fails for problems that are judged in a way that Assay has not. */
function checkedType(problem, contents, warn) {
  const version = String(problem.problem_format_version ?? 'legacy');
  const types = [problem.type ?? 'pass-fail'].flat().map(String);
  const isScoring = types.includes('scoring');
  const strange = types.find((type) => type !== 'pass-fail' && type !== 'scoring');
  if (strange !== undefined) {
    throw new CommandFailure(`problem.yaml#/type: "${strange}" problems cannot be graded by Assay`);
  }
  if (!READ_VERSIONS.includes(version)) {
    if (isScoring) {
      throw new CommandFailure(
        `problem.yaml#/problem_format_version: the points of version ${version} are not read: use ${READ_VERSIONS.join(', ')}`,
      );
    }
    warn(
      'problem.yaml#/problem_format_version',
      `${version} is newer than what is read (${READ_VERSIONS.join(', ')}): look at the result`,
    );
  }
  const hasValidator =
    !version.startsWith('legacy') && (contents.has('output_validators') || contents.has('output_validator'));
  const validation = String(problem.validation ?? (hasValidator ? 'custom' : 'default'));
  if (validation.split(/\s+/)[0] !== 'default') {
    throw new CommandFailure(
      'problem.yaml#/validation: a program of the package judges the answers, which Assay does not run. ' +
        'If comparing words with the .ans files is enough, write `validation: default`',
    );
  }
  const grading = problem.grading ?? {};
  if (grading.objective === 'min') {
    throw new CommandFailure('problem.yaml#/grading/objective: fewer points cannot be better');
  }
  for (const key of Object.keys(grading).filter((one) => one !== 'objective')) {
    warn(`problem.yaml#/grading/${key}`, 'has no counterpart: left out');
  }
  return isScoring;
}

function flagsOf(problem, { config }) {
  const own = config.output_validator_flags;
  const flags = typeof own === 'object' ? own?.flags : own;
  return `${problem.validator_flags ?? ''} ${flags ?? ''}`.split(/\s+/).filter((flag) => flag !== '');
}

/** The flags of the default output validator, as `expect` says them. */
function compareOptions(flags, group, warn) {
  const path =
    group.ownConfig.output_validator_flags === undefined
      ? 'problem.yaml#/validator_flags'
      : `${group.path}/testdata.yaml#/output_validator_flags`;
  const tolerance = {};
  let caseSensitive = false;
  let spaceSensitive = false;
  for (let index = 0; index < flags.length; index += 1) {
    const flag = flags[index];
    if (flag === 'case_sensitive') caseSensitive = true;
    else if (flag === 'space_change_sensitive') spaceSensitive = true;
    else if (/^float_((absolute|relative)_)?tolerance$/.test(flag)) {
      index += 1;
      const value = Number(flags[index] ?? Number.NaN);
      if (!(value >= 0 && value < Infinity)) throw new CommandFailure(`${path}: ${flag} needs a number behind it`);
      if (!flag.includes('relative')) tolerance.absolute = value;
      if (!flag.includes('absolute')) tolerance.relative = value;
    } else warn(path, `${flag} is not known: left out`);
  }
  const hasTolerance = Object.keys(tolerance).length > 0;
  if (spaceSensitive && !hasTolerance) {
    if (!caseSensitive) warn(path, '`exact` is used for space_change_sensitive: upper and lower case differ too');
    return { compare: 'exact' };
  }
  if (spaceSensitive) warn(path, 'white space is not compared: with a tolerance for numbers it cannot be');
  return {
    compare: 'tokens',
    ...(caseSensitive ? { caseSensitive: true } : {}),
    ...(hasTolerance ? { floatTolerance: tolerance } : {}),
  };
}

function limitPath(key) {
  return `problem.yaml#/limits/${key}`;
}

function limitsOf(limits, warn) {
  const number = (key) => {
    const value = Number(limits[key]);
    if (!(value > 0 && value < Infinity)) throw new CommandFailure(`${limitPath(key)}: must be a number above 0`);
    return value;
  };
  const read = {
    time_limit: () => ({ timeMs: cappedLimit('timeMs', number('time_limit') * 1000, limitPath('time_limit'), warn) }),
    memory: () => ({ memoryMiB: cappedLimit('memoryMiB', number('memory'), limitPath('memory'), warn) }),
    output: () => ({ outputKiB: cappedLimit('outputKiB', number('output') * 1024, limitPath('output'), warn) }),
  };
  const result = { timeMs: DEFAULT_TIME_MS };
  for (const key of Object.keys(limits)) {
    if (Object.hasOwn(read, key)) Object.assign(result, read[key]());
    else warn(limitPath(key), 'has no counterpart: left out');
  }
  if (limits.time_limit === undefined) {
    warn(
      'problem.yaml#/limits',
      `names no time limit, Kattis measures the solutions of the package: ${DEFAULT_TIME_MS} ms of CPU time here`,
    );
  }
  return result;
}

function titleOf({ name }, folder) {
  const title = typeof name === 'object' && name !== null ? (name.en ?? Object.values(name)[0]) : name;
  return oneLine(String(title ?? '')) || basename(resolve(folder));
}

/** The statement where it is Markdown, in English if there is a choice. */
async function statement(folder, contents, warn) {
  for (const name of ['problem_statement', 'statement'].filter((one) => contents.has(one))) {
    const files = (await readdir(join(folder, name))).sort();
    const readable = files.filter((file) => /^problem([.][\w-]+)?[.]md$/.test(file));
    const chosen = readable.find((file) => /^problem([.]en)?[.]md$/.test(file)) ?? readable[0];
    for (const file of files.filter((one) => one !== chosen)) {
      warn(`${name}/${file}`, 'is not taken over: one statement in Markdown becomes the instructions');
    }
    if (chosen !== undefined) return (await readFile(await pathInPackage(folder, `${name}/${chosen}`), 'utf8')).trim();
  }
  return '';
}

/** Who made it and what may be done with it: most licences ask that this stays with the problem. */
function attribution(problem) {
  const people =
    problem.credits?.authors ?? (typeof problem.credits === 'object' ? null : problem.credits) ?? problem.author;
  const lines = [
    ['Author', list(people)],
    ['Source', list(problem.source)],
    ['', list(problem.source_url)],
    ['Licence', problem.license === 'unknown' ? '' : list(problem.license)],
    ['Rights owner', list(problem.rights_owner)],
  ];
  return lines
    .filter(([, text]) => text !== '')
    .map(([label, text]) => (label === '' ? text : `${label}: ${text}`))
    .join('  \n');
}

function list(value) {
  return [value ?? []]
    .flat()
    .map((one) => (typeof one === 'object' ? [one?.name, one?.url].filter(Boolean).join(' ') : String(one)))
    .join(', ');
}

function warnOfTheRest(problem, contents, warn) {
  for (const key of Object.keys(problem).filter((one) => !READ_KEYS.has(one))) {
    warn(`problem.yaml#/${key}`, 'has no counterpart: left out');
  }
  for (const [folder, reason] of Object.entries(OTHER_FOLDERS)) if (contents.has(folder)) warn(folder, reason);
}
