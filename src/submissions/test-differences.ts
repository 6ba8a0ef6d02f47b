import type { Verdict } from '../grading/verdict.js';

/** What a test gave, as far as two results of it are compared. */
export interface ComparedTest {
  readonly name: string;
  readonly verdict: Verdict;
  readonly points: number;
  readonly maxPoints: number;
}

/** A test that gave something else than before; null: it was not among the tests. */
export interface TestDifference {
  readonly name: string;
  readonly earlier: Omit<ComparedTest, 'name'> | null;
  readonly later: Omit<ComparedTest, 'name'> | null;
}

/**
 * The tests whose verdict or points differ, matched by name, which is unique in a document. In the order of the new document,
 * those that it has no more at the end.
 */
export function testDifferences(
  earlier: readonly ComparedTest[],
  later: readonly ComparedTest[],
): readonly TestDifference[] {
  const before = new Map(earlier.map((test) => [test.name, test]));
  const names = new Set(later.map(({ name }) => name));
  const changed = later.flatMap((test) => {
    const former = before.get(test.name);
    return former !== undefined && isSame(former, test)
      ? []
      : [{ name: test.name, earlier: former === undefined ? null : given(former), later: given(test) }];
  });
  const gone = earlier
    .filter(({ name }) => !names.has(name))
    .map((test) => ({ name: test.name, earlier: given(test), later: null }));
  return [...changed, ...gone];
}

function isSame(one: ComparedTest, other: ComparedTest): boolean {
  return one.verdict === other.verdict && one.points === other.points && one.maxPoints === other.maxPoints;
}

function given({ verdict, points, maxPoints }: ComparedTest): Omit<ComparedTest, 'name'> {
  return { verdict, points, maxPoints };
}
