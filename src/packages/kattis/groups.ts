import { roundedPoints } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import { textOf } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import type { KattisData, KattisGroup } from './test-data.js';

/** A group of the grading document, its tests by their `path`. */
export interface ScoredGroup {
  readonly name: string;
  readonly points: number;
  readonly scoring: string;
  readonly tests: readonly string[];
  /** Names of groups that must be accepted. */
  readonly requires?: readonly string[];
}

export interface Scoring {
  readonly groups: readonly ScoredGroup[];
  readonly stopOnFailure: boolean;
}

interface Grader {
  readonly mode: string;
  /** Whether what fails some tests keeps the points of others. */
  readonly givesParts: boolean;
  readonly ignoresSample: boolean;
  readonly acceptScore: number;
}

type Graders = ReadonlyMap<KattisGroup, Grader>;
type Part = ScoredGroup & { readonly path: string };

/** What a problem gives that is only passed or failed; most scoring packages have this maximum too. */
const PASS_FAIL_POINTS = 100;

const SCORE_MODES = ['sum', 'avg', 'min', 'max'];
const VERDICT_MODES = ['worst_error', 'no_errors', 'first_error', 'always_accept'];
const FLAGS = ['ignore_sample', 'accept_if_any_accepted'];

/** A problem that is passed or failed: all of its points when every test is accepted, else none. */
export function allOrNothing(tests: readonly string[], stopOnFailure: boolean): Scoring {
  return { groups: [{ name: 'all tests', points: PASS_FAIL_POINTS, scoring: 'all', tests }], stopOnFailure };
}

/**
 * How a Kattis package until 2023-07-draft turns verdicts into points, said with the groups of a grading document. A tree of
 * folders, each with its own way of adding up, becomes a flat list: sums and means of sums can be spread over their members,
 * and a minimum of what gives all or nothing is "all of them". What cannot be said like that is refused rather than scored
 * differently.
 *
 * @throws PackageFault
 */
export function gradedGroups({ root, sample, secret }: KattisData, isScoring: boolean, warn: Warn): Scoring {
  const graders = new Map(withDescendants(root).map((group) => [group, graderOf(group, isScoring, warn)]));
  const rootGrader = graderAt(graders, root);
  const top: KattisGroup = {
    ...root,
    groups: sample === null || rootGrader.ignoresSample ? [secret] : [sample, secret],
  };
  graders.set(top, rootGrader);
  const stopOnFailure = withDescendants(top).every((group) => group.config['on_reject'] !== 'continue');
  if (!isScoring) return allOrNothing(testPathsOf(top), stopOnFailure);

  const parts = partsOf(top, 1, graders);
  checkRanges(top, graders, warn);
  if (!givesParts(top, graders) && !givesParts(secret, graders)) {
    warn(
      'data',
      'no testdata.yaml lets a part of the tests count (accept_if_any_accepted, always_accept): all or nothing',
    );
    const points = parts.reduce((sum, part) => sum + part.points, 0);
    return { groups: [allOf(top, roundedPoints(points, 'data', warn))], stopOnFailure };
  }
  if (top.groups.length > 1 && !givesParts(top, graders)) {
    warn('data/sample', 'a failed sample costs all points on Kattis; here it does not');
  }
  const groups = parts
    .filter((part) => part.points > 0)
    .map(({ path, ...part }) => ({ ...part, points: roundedPoints(part.points, path, warn) }));
  // What stops at the first failure would keep the points of later groups from those who earn them.
  return { groups, stopOnFailure: stopOnFailure && groups.length === 1 };
}

/** What testdata.yaml says about adding up. @throws PackageFault for what no grading document can say */
function graderOf(
  { configPath, config, ownConfig, tests, groups }: KattisGroup,
  isScoring: boolean,
  warn: Warn,
): Grader {
  const at = `${configPath}#`;
  if (config['grading'] !== 'default') throw PackageFault.at(`${at}/grading`, "a grader of one's own cannot be run");
  const flags = textOf(config['grader_flags'])
    .split(/\s+/)
    .filter((flag) => flag !== '');
  for (const flag of flags) {
    const isKnown = [...SCORE_MODES, ...VERDICT_MODES, ...FLAGS].includes(flag);
    if (!isKnown && ownConfig['grader_flags'] !== undefined) {
      warn(`${at}/grader_flags`, `${flag} is not known: left out`);
    }
  }
  const lastOf = (modes: readonly string[], byDefault: string): string =>
    flags.findLast((flag) => modes.includes(flag)) ?? byDefault;
  const mode = lastOf(SCORE_MODES, 'sum');
  const keepsParts =
    flags.includes('accept_if_any_accepted') || lastOf(VERDICT_MODES, 'worst_error') === 'always_accept';
  if (!isScoring && keepsParts) {
    throw PackageFault.at(
      `${at}/grader_flags`,
      'accepts what fails some tests, and the problem is only passed or failed',
    );
  }
  if (isScoring && mode === 'max' && tests.length + groups.length > 1) {
    throw PackageFault.at(`${at}/grader_flags`, 'the best of several ("max") has no counterpart: use sum, avg or min');
  }
  const acceptScore = acceptScoreOf(config, at);
  return { mode, givesParts: keepsParts, ignoresSample: flags.includes('ignore_sample'), acceptScore };
}

function acceptScoreOf(config: KattisGroup['config'], at: string): number {
  const acceptScore = Number(config['accept_score']);
  if (!Number.isFinite(acceptScore) || acceptScore < 0) {
    throw PackageFault.at(`${at}/accept_score`, 'must be a number that is not negative');
  }
  if (Number(config['reject_score']) !== 0) {
    throw PackageFault.at(`${at}/reject_score`, 'points for a failed test have no counterpart: set it to 0');
  }
  return acceptScore;
}

/** The groups of which the points of `node` are the sum, each times `scale`. */
function partsOf(node: KattisGroup, scale: number, graders: Graders): readonly Part[] {
  const { mode, acceptScore } = graderAt(graders, node);
  const below = (share: number): Part[] => node.groups.flatMap((group) => partsOf(group, share, graders));
  if (mode === 'min' && node.groups.length > 0) {
    const scores = node.groups.map((group) => sumOf(partsOf(group, scale, graders)));
    if (node.tests.length > 0) scores.push(acceptScore * scale);
    return [{ ...allOf(node, Math.min(...scores)), path: node.path }];
  }
  const share = mode === 'avg' ? scale / (node.tests.length + node.groups.length) : scale;
  if (node.tests.length === 0) return below(share);
  const points = mode === 'min' ? acceptScore * scale : acceptScore * node.tests.length * share;
  const scoring = mode === 'max' ? 'sum' : mode;
  const tests = node.tests.map((test) => test.path);
  return [{ name: node.name, points, scoring, tests, path: node.path }, ...below(share)];
}

/** Whether a submission that fails some tests keeps the points of the others. */
function givesParts(node: KattisGroup, graders: Graders): boolean {
  if (graderAt(graders, node).givesParts) return true;
  const [only] = node.groups;
  return node.tests.length === 0 && node.groups.length === 1 && only !== undefined && givesParts(only, graders);
}

/** `range` only bounds what authors expect; where it is not what the tests add up to, somebody erred. */
function checkRanges(top: KattisGroup, graders: Graders, warn: Warn): void {
  for (const node of withDescendants(top)) {
    const most = Number(textOf(node.ownConfig['range']).split(/\s+/)[1]);
    const total = sumOf(partsOf(node, 1, graders));
    if (Number.isFinite(most) && Math.abs(most - total) > 0.0005) {
      warn(
        `${node.configPath}#/range`,
        `says at most ${most} points, and the tests give ${Math.round(total * 1000) / 1000}`,
      );
    }
  }
}

/**
 * The points of a version from 2025-09 on: groups in `data/secret`, each all or nothing, a sum or a minimum, and samples that
 * give nothing.
 *
 * @throws PackageFault
 */
export function scoredGroups({ sample, secret }: KattisData, warn: Warn): Scoring {
  const most = maxScoreOf(secret, PASS_FAIL_POINTS);
  const mode = textOf(secret.config['score_aggregation']) || 'sum';
  warnOfConditions(secret, warn);
  if (secret.groups.length === 0 || mode !== 'sum') {
    const points =
      secret.groups.length === 0 ? most : Math.min(most, ...secret.groups.map((group) => maxScoreOf(group, most)));
    const scoring = mode === 'sum' || (mode === 'min' && secret.groups.length === 0) ? mode : 'all';
    return { groups: [{ ...allOf(secret, points), name: 'secret', scoring }], stopOnFailure: scoring === 'all' };
  }
  const before: ScoredGroup[] = sample === null ? [] : [allOf(sample, 0)];
  const groups = secret.groups.map((group) => {
    const aggregation = textOf(group.config['score_aggregation']) || 'pass-fail';
    const scoring = aggregation === 'pass-fail' ? 'all' : aggregation;
    const requires = requiredBy(group, before, warn);
    const scored = { ...allOf(group, maxScoreOf(group, 0)), scoring, ...(requires.length === 0 ? {} : { requires }) };
    before.push(scored);
    return scored;
  });
  const isNeeded = groups.some(({ requires = [] }) => requires.includes('sample'));
  return { groups: isNeeded ? before : groups, stopOnFailure: false };
}

function maxScoreOf({ config, configPath }: KattisGroup, byDefault: number): number {
  const value = config['max_score'] ?? byDefault;
  const score = Number(value);
  if (value === 'unbounded' || !Number.isInteger(score) || score < 0) {
    throw PackageFault.at(
      `${configPath}#/max_score`,
      'must be a whole number: points without a bound have no counterpart',
    );
  }
  return score;
}

/** Groups before this one without which it gives nothing; others are warnings. */
function requiredBy({ ownConfig, configPath }: KattisGroup, before: readonly ScoredGroup[], warn: Warn): string[] {
  const asked: unknown[] = [ownConfig['require_pass'] ?? []].flat();
  return asked.map(textOf).flatMap((name) => {
    const found = before.find((group) => group.name === name.replace(/^secret\//, ''));
    if (found !== undefined) return [found.name];
    warn(`${configPath}#/require_pass`, `names ${JSON.stringify(name)}, which comes later or is not there: left out`);
    return [];
  });
}

function warnOfConditions({ ownConfig, configPath }: KattisGroup, warn: Warn): void {
  if (ownConfig['require_pass'] !== undefined) {
    warn(`${configPath}#/require_pass`, 'has no counterpart: the group gives its points whatever else fails');
  }
}

function allOf(node: KattisGroup, points: number): ScoredGroup {
  return { name: node.name === 'data' ? 'all tests' : node.name, points, scoring: 'all', tests: testPathsOf(node) };
}

/** Paths of all tests in a folder and below it. */
export function testPathsOf(node: KattisGroup): string[] {
  return withDescendants(node).flatMap((group) => group.tests.map((test) => test.path));
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.points, 0);
}

function graderAt(graders: Graders, node: KattisGroup): Grader {
  const grader = graders.get(node);
  if (grader === undefined) throw new Error(`The folder ${node.path} has no grader.`);
  return grader;
}

function withDescendants(node: KattisGroup): readonly KattisGroup[] {
  return [node, ...node.groups.flatMap(withDescendants)];
}
