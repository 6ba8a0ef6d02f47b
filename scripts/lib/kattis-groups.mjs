import { roundedPoints } from './package-document.mjs';
import { CommandFailure } from './progress.mjs';

/**
 * How a Kattis package turns verdicts into points, said with the groups of a grading document. A tree of folders, each with
 * its own way of adding up, becomes a flat list: sums and means of sums can be spread over their members, and a minimum of
 * what gives all or nothing is "all of them". What cannot be said like that is refused rather than scored differently.
 *
 * @typedef {import('./kattis-test-data.mjs').KattisGroup} KattisGroup
 * @typedef {import('./package-document.mjs').Warn} Warn
 * @typedef {{ name: string, points: number, scoring: string, tests: string[] }} Group tests by their `path`
 */

/** What a problem gives that is only passed or failed; most scoring packages have this maximum too. */
const PASS_FAIL_POINTS = 100;

const SCORE_MODES = ['sum', 'avg', 'min', 'max'];
const VERDICT_MODES = ['worst_error', 'no_errors', 'first_error', 'always_accept'];
const FLAGS = ['ignore_sample', 'accept_if_any_accepted'];

/**
 * @param {{ root: KattisGroup, sample: KattisGroup | null, secret: KattisGroup }} data
 * @param {boolean} isScoring
 * @param {Warn} warn
 * @returns {{ groups: Group[], stopOnFailure: boolean }}
 */
export function kattisGroups({ root, sample, secret }, isScoring, warn) {
  const graders = new Map(withDescendants(root).map((group) => [group, graderOf(group, isScoring, warn)]));
  const ignoresSample = graders.get(root).ignoresSample;
  const top = { ...root, groups: sample === null || ignoresSample ? [secret] : [sample, secret] };
  graders.set(top, graders.get(root));
  const stopOnFailure = withDescendants(top).every((group) => group.config.on_reject !== 'continue');
  if (!isScoring) {
    return { groups: [allOf(top, PASS_FAIL_POINTS)], stopOnFailure };
  }

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
  return { groups, stopOnFailure };
}

/** What testdata.yaml says about adding up, or a failure that names what no grading document can say. */
function graderOf({ path, config, ownConfig, tests, groups }, isScoring, warn) {
  const at = `${path}/testdata.yaml#`;
  if (config.grading !== 'default') throw new CommandFailure(`${at}/grading: a grader of one's own cannot be run`);
  const flags = String(config.grader_flags ?? '')
    .split(/\s+/)
    .filter((flag) => flag !== '');
  for (const flag of flags) {
    const isKnown = [...SCORE_MODES, ...VERDICT_MODES, ...FLAGS].includes(flag);
    if (!isKnown && ownConfig.grader_flags !== undefined) warn(`${at}/grader_flags`, `${flag} is not known: left out`);
  }
  const lastOf = (modes, byDefault) => flags.findLast((flag) => modes.includes(flag)) ?? byDefault;
  const mode = lastOf(SCORE_MODES, 'sum');
  const givesParts =
    flags.includes('accept_if_any_accepted') || lastOf(VERDICT_MODES, 'worst_error') === 'always_accept';
  if (!isScoring && givesParts) {
    throw new CommandFailure(
      `${at}/grader_flags: accepts what fails some tests, and the problem is only passed or failed`,
    );
  }
  if (isScoring && mode === 'max' && tests.length + groups.length > 1) {
    throw new CommandFailure(`${at}/grader_flags: the best of several ("max") has no counterpart: use sum, avg or min`);
  }
  return { mode, givesParts, ignoresSample: flags.includes('ignore_sample'), acceptScore: acceptScoreOf(config, at) };
}

function acceptScoreOf(config, at) {
  const acceptScore = Number(config.accept_score);
  if (!Number.isFinite(acceptScore) || acceptScore < 0) {
    throw new CommandFailure(`${at}/accept_score: must be a number that is not negative`);
  }
  if (Number(config.reject_score) !== 0) {
    throw new CommandFailure(`${at}/reject_score: points for a failed test have no counterpart: set it to 0`);
  }
  return acceptScore;
}

/**
 * The groups of which the points of `node` are the sum, each times `scale`.
 *
 * @returns {(Group & { path: string })[]}
 */
function partsOf(node, scale, graders) {
  const { mode, acceptScore } = graders.get(node);
  const below = (share) => node.groups.flatMap((group) => partsOf(group, share, graders));
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
function givesParts(node, graders) {
  if (graders.get(node).givesParts) return true;
  return node.tests.length === 0 && node.groups.length === 1 && givesParts(node.groups[0], graders);
}

/** `range` only bounds what authors expect; where it is not what the tests add up to, somebody erred. */
function checkRanges(top, graders, warn) {
  for (const node of withDescendants(top)) {
    const most = Number(String(node.ownConfig.range ?? '').split(/\s+/)[1]);
    const total = sumOf(partsOf(node, 1, graders));
    if (Number.isFinite(most) && Math.abs(most - total) > 0.0005) {
      warn(
        `${node.path}/testdata.yaml#/range`,
        `says at most ${most} points, and the tests give ${Math.round(total * 1000) / 1000}`,
      );
    }
  }
}

function allOf(node, points) {
  const tests = withDescendants(node).flatMap((group) => group.tests.map((test) => test.path));
  return { name: node.name === 'data' ? 'all tests' : node.name, points, scoring: 'all', tests };
}

function sumOf(parts) {
  return parts.reduce((sum, part) => sum + part.points, 0);
}

function withDescendants(node) {
  return [node, ...node.groups.flatMap(withDescendants)];
}
