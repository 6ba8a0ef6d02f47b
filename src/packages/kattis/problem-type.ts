import { PackageFault } from '../package-fault.js';
import { mapOrEmpty, textOf, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';

/** The file that says what a problem is; whatever has it is a Kattis package. */
export const PROBLEM_FILE = 'problem.yaml';

/** The versions whose test data is described by `testdata.yaml`, and those with `test_group.yaml`. */
const OLDER = ['legacy', 'legacy-icpc', '2023-07-draft', '2023-07'];
const NEWER = ['2025-09', '2025-09-draft', 'draft'];

/** What a problem is, in whatever version of the format it says so. */
export interface ProblemType {
  readonly version: string;
  /** Whether folders of test data are described by `test_group.yaml`. */
  readonly isNew: boolean;
  readonly isScoring: boolean;
  readonly isInteractive: boolean;
  readonly usesOwnValidator: boolean;
  /** Whether the validator says of each test how many points it gives. */
  readonly givesScores: boolean;
}

const KNOWN_TYPES = ['pass-fail', 'scoring', 'interactive'];

/** @throws PackageFault for problems that are judged in a way that Assay has not */
export function problemType(
  problem: YamlMap,
  { hasValidator, hasTestGroups }: { readonly hasValidator: boolean; readonly hasTestGroups: boolean },
  warn: Warn,
): ProblemType {
  const version = textOf(problem['problem_format_version']) || 'legacy';
  const types = [problem['type'] ?? 'pass-fail'].flat().map(textOf);
  const strange = types.find((type) => !KNOWN_TYPES.includes(type));
  if (strange !== undefined) {
    throw PackageFault.at(`${PROBLEM_FILE}#/type`, `"${strange}" problems cannot be graded by Assay`);
  }
  if (mapOrEmpty(problem['grading'])['objective'] === 'min') {
    throw PackageFault.at(`${PROBLEM_FILE}#/grading/objective`, 'fewer points cannot be better');
  }
  const isLegacy = version.startsWith('legacy');
  const words = textOf(problem['validation'])
    .split(/\s+/)
    .filter((word) => word !== '');
  const isScoring = types.includes('scoring');
  const isInteractive = types.includes('interactive') || words.includes('interactive');
  const isCustom = words.length === 0 ? !isLegacy && hasValidator : words[0] !== 'default';
  const usesOwnValidator = isCustom || isInteractive;
  const isNew = isNewer(version, hasTestGroups, warn);
  return {
    version,
    isNew,
    isScoring,
    isInteractive,
    usesOwnValidator,
    // From 2023-07 on it may, and none needs to say so.
    givesScores: isScoring && usesOwnValidator && (words.includes('score') || !isLegacy),
  };
}

function isNewer(version: string, hasTestGroups: boolean, warn: Warn): boolean {
  if (OLDER.includes(version)) return version.startsWith('2023-07') && hasTestGroups;
  if (!NEWER.includes(version)) {
    warn(
      `${PROBLEM_FILE}#/problem_format_version`,
      `${version} is not known: read as ${NEWER[0] ?? ''}, look at the result`,
    );
  }
  return true;
}
