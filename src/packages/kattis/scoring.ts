import type { GroupScoring, GroupVerdict } from '../../grading/grading-document.js';
import { DOCUMENT_LIMITS } from '../../grading/schema-parts.js';
import { PackageFault } from '../package-fault.js';

/** A group of the grading document, its tests by their paths; what is left out is as in a grading document. */
export interface PlannedGroup {
  readonly name: string;
  readonly points: number | null;
  readonly scoring: GroupScoring;
  readonly tests?: readonly string[];
  /** Names of the groups inside it. */
  readonly groups?: readonly string[];
  readonly onReject?: 'break' | 'continue';
  readonly verdict?: GroupVerdict;
  readonly acceptIfAny?: true;
  readonly onlyIfAccepted?: true;
  readonly counts?: false;
  readonly requires?: readonly string[];
  readonly rejectPoints?: number;
  readonly range?: { readonly min: number; readonly max: number };
}

/** How the tests of a package are scored, said with what a grading document has. */
export interface Scoring {
  readonly groups: readonly PlannedGroup[];
  /** Points of tests by their paths; a test that is not there has none. */
  readonly testPoints: ReadonlyMap<string, number>;
  readonly stopOnFailure: boolean;
}

/** What a problem gives that is only passed or failed; most scoring packages have this maximum too. */
export const PASS_FAIL_POINTS = 100;

/** The group around everything. */
export const ALL_TESTS = 'all tests';

/** A problem that is passed or failed: all of its points when every test is accepted, else none. */
export function allOrNothing(tests: readonly string[]): Scoring {
  return {
    groups: [{ name: ALL_TESTS, points: PASS_FAIL_POINTS, scoring: 'all', tests }],
    testPoints: new Map(),
    stopOnFailure: true,
  };
}

/** @throws PackageFault for more groups than a grading document has. */
export function withinGroupLimit(scoring: Scoring): Scoring {
  if (scoring.groups.length <= DOCUMENT_LIMITS.groups) return scoring;
  throw PackageFault.at(
    'data',
    `is made of ${scoring.groups.length} groups, and an assignment takes ${DOCUMENT_LIMITS.groups}: put tests together`,
  );
}
