import { type CaseResult, equalParts } from '../case-results.js';
import { REPORT_LIMITS } from '../command-results/reported-case.js';
import type { ExpectedCases } from '../grading-document.js';
import type { Verdict } from '../verdict.js';
import { keyOf } from './case-matches.js';
import type { DeclaredTitles } from './declared-titles.js';
import type { FrameworkCase } from './unit-run.js';

/** How the cases of a test share its points, and which of them there have to be. */
export interface CaseRules {
  readonly points: number;
  readonly perCase: Readonly<Record<string, number>> | null;
  readonly expectedCases: ExpectedCases | null;
  /** Names that the framework found in the tests itself. */
  readonly declared: readonly string[];
  /** Titles that stand in the tests; null where the framework has names, or where the tests are the student's. */
  readonly titles: DeclaredTitles | null;
}

/** A case as it is judged: reported, or missing. `key`: what the author calls it, where that carries points. */
interface Line {
  readonly name: string;
  readonly verdict: Verdict;
  readonly message: string | null;
  readonly key: string | null;
  readonly counts: boolean;
}

/** What is said of a case that did not come. */
export type Absence = (name: string) => Pick<Line, 'verdict' | 'message'>;

export interface JudgedCases {
  readonly results: readonly CaseResult[];
  readonly points: number;
  readonly passed: number;
  readonly counted: number;
  /** Why the cases are not all that there should be, or more; null: they are. */
  readonly remark: string | null;
}

/**
 * Gives each case its part of the points. Cases that were expected and did not come are lines as well, and carry their part. Those
 * that nobody can have written into the tests are left out.
 */
export function judgeCases(reported: readonly FrameworkCase[], rules: CaseRules, absence: Absence): JudgedCases {
  const { perCase, expectedCases } = rules;
  const keys = [...Object.keys(perCase ?? {}), ...(expectedCases?.names ?? [])];
  const known = knownOf(reported, rules, keys);
  const strangers = reported.length - known.length;
  const lines = known.map((one): Line => {
    const key = keyOf(keys, one.name);
    const isNamed = key !== null;
    const verdict = one.outcome === 'passed' ? 'accepted' : one.outcome === 'failed' ? 'wrong_answer' : 'skipped';
    return { name: one.name, verdict, message: one.message, key, counts: verdict !== 'skipped' || isNamed };
  });
  const missing = missingNames(known, rules, keys).map((name): Line => ({
    name,
    ...absence(name),
    key: keys.includes(name) ? name : null,
    counts: true,
  }));
  const all = [...lines, ...missing].slice(0, REPORT_LIMITS.cases);
  const expected = expectedCases?.count ?? null;
  const counted = all.filter(({ counts }) => counts);
  const isOver = expected !== null && counted.length > expected;
  const nameless =
    expected === null || isOver ? 0 : Math.min(expected - counted.length, REPORT_LIMITS.cases - all.length);
  for (let index = 0; index < nameless; index += 1) {
    all.push({ name: `case ${all.length + 1}`, ...absence(''), key: null, counts: true });
  }
  const parts = perCase === null ? evenly(all, rules.points) : byKey(all, perCase);
  const results = all.map(({ name, verdict, message }, index): CaseResult => {
    const maxPoints = parts[index] ?? 0;
    return { name, verdict, message, maxPoints, points: verdict === 'accepted' && !isOver ? maxPoints : 0 };
  });
  const points = Math.round(results.reduce((total, one) => total + one.points * 1000, 0)) / 1000;
  const final = all.filter(({ counts }) => counts);
  return {
    results,
    points: Math.min(points, rules.points),
    passed: final.filter(({ verdict }) => verdict === 'accepted').length,
    counted: final.length,
    remark: isOver
      ? `${counted.length} cases were reported, and ${expected ?? 0} are expected: none of them counts.`
      : strangers > 0
        ? `${strangers} cases that do not stand in the tests were left out.`
        : null,
  };
}

/**
 * The cases that can stand in the tests. Where a framework goes by titles, anybody can register another case of the same one: only as
 * many count as were written, those that failed first.
 */
function knownOf(
  reported: readonly FrameworkCase[],
  { expectedCases, titles }: CaseRules,
  keys: readonly string[],
): readonly FrameworkCase[] {
  const names = expectedCases?.names ?? [];
  const named = names.length === 0 ? reported : reported.filter(({ name }) => keyOf(names, name) !== null);
  if (titles === null) return named;
  if (keys.length > 0) return within(named, ({ name }) => keyOf(keys, name), new Map(keys.map((key) => [key, 1])));
  if (!titles.isComplete || expectedCases !== null) return named;
  const room = new Map<string, number>();
  for (const title of [...titles.titles, ...titles.optional]) room.set(title, (room.get(title) ?? 0) + 1);
  return within(named, ({ title }) => title ?? '', room, false);
}

function within(
  cases: readonly FrameworkCase[],
  groupOf: (one: FrameworkCase) => string | null,
  room: Map<string, number>,
  keepsOthers = true,
): readonly FrameworkCase[] {
  const kept = new Set<FrameworkCase>();
  for (const outcome of ['failed', 'passed', 'ignored'] as const) {
    for (const one of cases) {
      if (one.outcome !== outcome) continue;
      const group = groupOf(one);
      const left = group === null ? undefined : room.get(group);
      if (group !== null && left !== undefined && left > 0) room.set(group, left - 1);
      if (left === undefined ? keepsOthers : left > 0) kept.add(one);
    }
  }
  return cases.filter((one) => kept.has(one));
}

/** The expected cases of which none was reported, or too few. */
function missingNames(
  reported: readonly FrameworkCase[],
  rules: CaseRules,
  keys: readonly string[],
): readonly string[] {
  if (keys.length > 0) {
    return [...new Set(keys)].filter((key) => !reported.some((one) => keyOf(keys, one.name) === key));
  }
  if (rules.expectedCases !== null) return [];
  const declared = [...new Set(rules.declared)].filter(
    (name) => !reported.some((one) => keyOf([name], one.name) !== null),
  );
  const left = reported.map(({ title }) => title);
  const titles = (rules.titles?.titles ?? []).filter((title) => {
    const at = left.indexOf(title);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return [...declared, ...titles];
}

function evenly(lines: readonly Line[], points: number): readonly number[] {
  const parts = [...equalParts(points, lines.filter(({ counts }) => counts).length)];
  return lines.map(({ counts }) => (counts ? (parts.shift() ?? 0) : 0));
}

/** Cases that one key means share its points. */
function byKey(lines: readonly Line[], perCase: Readonly<Record<string, number>>): readonly number[] {
  const parts = new Map(
    Object.entries(perCase).map(([key, points]) => {
      return [key, [...equalParts(points, lines.filter((line) => line.key === key).length)]];
    }),
  );
  return lines.map(({ key }) => (key === null ? 0 : (parts.get(key)?.shift() ?? 0)));
}
