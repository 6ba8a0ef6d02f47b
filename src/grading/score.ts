import type { GradingDocument, GroupScoring } from './grading-document.js';
import { groupTree, type GroupMember, type GroupNode } from './group-tree.js';
import { memberVerdict, type VerdictsByPosition } from './group-verdict.js';
import { fromThousandths, scale, toThousandths } from './thousandths.js';
import type { Verdict } from './verdict.js';

/** What scoring needs to know of a test's result. */
export interface ScoredResult {
  readonly name: string;
  readonly verdict: Verdict;
  readonly points: number;
}

/** Points reached and points to be had, before the late policy; at most three decimals. */
export interface Score {
  readonly score: number;
  readonly maxScore: number;
}

type ScoredDocument = Pick<GradingDocument, 'tests' | 'groups'>;

/** What a test or a group gave, in thousandths. */
interface Share {
  readonly earned: number;
  readonly max: number;
  readonly accepted: boolean;
  /** False where it was skipped as a whole. */
  readonly hasRun: boolean;
}

interface Outcome {
  readonly points: ReadonlyMap<number, number>;
  readonly verdicts: VerdictsByPosition;
}

/** Parts of a whole test in which fractions are added up; thirds lose less than any thousandth of a point. */
const PRECISION = 1e12;

/** The points to be had: those of each outermost group, and those of each test that is in no group. */
export function maxPoints(document: ScoredDocument): number {
  return fromThousandths(total(groupTree(document).members.filter(counts).map(maxOf)));
}

/**
 * The score of a submission whose tests gave `results`. A test in no group gives its own points. A group's points
 * replace those of its members, its tests and the groups inside it, and its `scoring` says how many of them it gives:
 * - `all`: all, when the group is accepted (`group-verdict.ts`), else none;
 * - `sum`: the part of its members' points that was reached (these are their weights);
 * - `min`, `max`: the part that its worst, its best member reached of its own points;
 * - `avg`: the mean of those parts, each member counting the same.
 *
 * A group whose points are null gives the points of its members as they are: their sum (also with `all`), least, greatest, or
 * mean; of those that ran, as in the legacy Kattis format, and within its `range`. `onlyIfAccepted` leaves a group that is not
 * accepted without points. What does not count gives none, and none can be had of it.
 *
 * A member that carries 0 points counts as reached when it is accepted; where all members of a `sum` carry 0, each weighs the
 * same. A test that ran and was not accepted gives at least the `rejectPoints` of the group that it is in. A test without a
 * result has reached nothing; a result of an unknown name counts nothing; points outside 0 and the test's own count as the
 * nearest of the two. Computed in whole thousandths; groups round to the nearest, halves up.
 */
export function scoreOf(document: ScoredDocument, results: readonly ScoredResult[]): Score {
  const members = groupTree(document).members.filter(counts);
  const outcome = outcomeOf(document, results);
  return {
    score: fromThousandths(total(members.map((member) => shareOf(member, 0, outcome).earned))),
    maxScore: fromThousandths(total(members.map(maxOf))),
  };
}

function outcomeOf({ tests }: ScoredDocument, results: readonly ScoredResult[]): Outcome {
  const positions = new Map(tests.map((test, position) => [test.name, position]));
  const points = new Map<number, number>();
  const verdicts = new Map<number, Verdict>();
  for (const result of results) {
    const position = positions.get(result.name);
    if (position === undefined) continue;
    points.set(position, toThousandths(result.points));
    verdicts.set(position, result.verdict);
  }
  return { points, verdicts };
}

function counts(member: GroupMember): boolean {
  return member.kind === 'test' || member.group.counts;
}

function shareOf(member: GroupMember, rejectPoints: number, outcome: Outcome): Share {
  const max = maxOf(member);
  const { verdict } = memberVerdict(member, outcome.verdicts);
  const accepted = verdict === 'accepted';
  if (member.kind === 'group') return { ...groupShare(member, max, accepted, outcome), max, accepted };
  const hasRun = verdict !== 'skipped';
  const least = hasRun && !accepted ? toThousandths(rejectPoints) : 0;
  return { earned: within(outcome.points.get(member.position) ?? 0, least, max), max, accepted, hasRun };
}

/** What a member can give, in thousandths. */
function maxOf(member: GroupMember): number {
  if (member.kind === 'test') return toThousandths(member.test.points);
  const { points, scoring, range } = member.group;
  if (points !== null) return toThousandths(points);
  if (range !== null) return toThousandths(range.max);
  const most = member.members.filter(counts).map(maxOf);
  return most.length === 0 ? 0 : SUMS[scoring](most);
}

function groupShare(
  { group, members, isWhole }: GroupNode,
  max: number,
  accepted: boolean,
  outcome: Outcome,
): Pick<Share, 'earned' | 'hasRun'> {
  const shares = members.filter(counts).map((member) => shareOf(member, group.rejectPoints, outcome));
  const hasRun = shares.some((share) => share.hasRun);
  // A valid document names no test that is not there: where one does all the same, nothing was reached.
  if (shares.length === 0 || !isWhole) return { earned: 0, hasRun };
  if (!accepted && (group.onlyIfAccepted || group.scoring === 'all')) return { earned: 0, hasRun };
  if (group.points !== null) {
    const [reached, whole] = PARTS[group.scoring](shares);
    return { earned: scale(max, reached, whole), hasRun };
  }
  const ran = shares.filter((share) => share.hasRun).map((share) => share.earned);
  if (ran.length === 0) return { earned: 0, hasRun };
  return { earned: within(SUMS[group.scoring](ran), toThousandths(group.range?.min ?? 0), max), hasRun };
}

/** The part of a group's points that its members reached, as a numerator and a denominator above 0. */
const PARTS: Readonly<Record<GroupScoring, (shares: readonly Share[]) => readonly [number, number]>> = {
  // Asked only of a group that is accepted.
  all: () => [1, 1],
  sum: (shares) => {
    const max = total(shares.map((share) => share.max));
    if (max === 0) return [shares.filter((share) => share.accepted).length, shares.length];
    return [total(shares.map((share) => share.earned)), max];
  },
  min: (shares) => [Math.min(...shares.map(part)), PRECISION],
  max: (shares) => [Math.max(...shares.map(part)), PRECISION],
  avg: (shares) => [total(shares.map(part)), shares.length * PRECISION],
};

/** What several points, at least one, come to where they are taken as they are. */
const SUMS: Readonly<Record<GroupScoring, (points: readonly number[]) => number>> = {
  all: total,
  sum: total,
  min: (points) => Math.min(...points),
  max: (points) => Math.max(...points),
  avg: (points) => scale(total(points), 1, points.length),
};

/** How much of one member was reached, in units of `PRECISION`. */
function part({ earned, max, accepted }: Share): number {
  if (max === 0) return accepted ? PRECISION : 0;
  return scale(PRECISION, earned, max);
}

function within(points: number, least: number, most: number): number {
  return Math.min(Math.max(points, least, 0), most);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
