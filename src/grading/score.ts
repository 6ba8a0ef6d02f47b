import type { GradingDocument, GroupScoring, TestGroup } from './grading-document.js';
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

/** What one test of a group gave, in thousandths. */
interface Share {
  readonly earned: number;
  readonly max: number;
  readonly accepted: boolean;
}

/** Parts of a whole test in which fractions are added up; thirds lose less than any thousandth of a point. */
const PRECISION = 1e12;

/** The points to be had: those of each group, and those of each test that is in no group. */
export function maxPoints(document: ScoredDocument): number {
  let total = 0;
  for (const group of document.groups) total += toThousandths(group.points);
  for (const test of ungroupedTests(document)) total += toThousandths(test.points);
  return fromThousandths(total);
}

/**
 * The score of a submission whose tests gave `results`. A test in no group gives its own points. A group's points
 * replace those of its tests, and its `scoring` says how many of them it gives:
 * - `all`: all, when every one of its tests is accepted, else none;
 * - `sum`: the part of its tests' points that was reached (these are their weights);
 * - `min`: the part that its worst test reached of its own points;
 * - `avg`: the mean of those parts, each test counting the same.
 * A test that carries 0 points counts as reached when it is accepted; where all tests of a `sum` carry 0, each weighs the
 * same. A test without a result has reached nothing; a result of an unknown name counts nothing; points outside 0 and
 * the test's own count as the nearest of the two. Computed in whole thousandths; groups round to the nearest, halves up.
 */
export function scoreOf(document: ScoredDocument, results: readonly ScoredResult[]): Score {
  const shares = sharesByName(document, results);
  let total = 0;
  for (const test of ungroupedTests(document)) total += shares.get(test.name)?.earned ?? 0;
  for (const group of document.groups) total += groupThousandths(group, shares);
  return { score: fromThousandths(total), maxScore: maxPoints(document) };
}

function ungroupedTests(document: ScoredDocument): ScoredDocument['tests'] {
  const grouped = new Set(document.groups.flatMap((group) => group.tests));
  return document.tests.filter((test) => !grouped.has(test.name));
}

function sharesByName(document: ScoredDocument, results: readonly ScoredResult[]): ReadonlyMap<string, Share> {
  const resultsByName = new Map(results.map((result) => [result.name, result]));
  return new Map(
    document.tests.map((test) => {
      const max = toThousandths(test.points);
      const result = resultsByName.get(test.name);
      const earned = Math.min(Math.max(toThousandths(result?.points ?? 0), 0), max);
      return [test.name, { earned, max, accepted: result?.verdict === 'accepted' }];
    }),
  );
}

function groupThousandths(group: TestGroup, sharesByTest: ReadonlyMap<string, Share>): number {
  const shares = group.tests.flatMap((name) => sharesByTest.get(name) ?? []);
  // A valid document has no empty group and no unknown name: where one comes all the same, nothing was reached.
  if (shares.length === 0 || shares.length < group.tests.length) return 0;
  const [reached, whole] = PARTS[group.scoring](shares);
  return scale(toThousandths(group.points), reached, whole);
}

/** The part of a group's points that its tests reached, as a numerator and a denominator above 0. */
const PARTS: Readonly<Record<GroupScoring, (shares: readonly Share[]) => readonly [number, number]>> = {
  all: (shares) => [shares.every((share) => share.accepted) ? 1 : 0, 1],
  sum: (shares) => {
    const max = total(shares.map((share) => share.max));
    if (max === 0) return [shares.filter((share) => share.accepted).length, shares.length];
    return [total(shares.map((share) => share.earned)), max];
  },
  min: (shares) => [Math.min(...shares.map(part)), PRECISION],
  avg: (shares) => [total(shares.map(part)), shares.length * PRECISION],
};

/** How much of one test was reached, in units of `PRECISION`. */
function part({ earned, max, accepted }: Share): number {
  if (max === 0) return accepted ? PRECISION : 0;
  return scale(PRECISION, earned, max);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
