import { pointer, type DocumentFault } from './document-fault.js';
import { chainsOf, comparisonFrom, type GroupChain } from './inherited-settings.js';
import type { RawGradingDocument, RawTestGroup } from './raw-grading-document.js';
import { DOCUMENT_LIMITS } from './schema-parts.js';
import { comparisonFaults, nameFault, pointsFault } from './test-faults.js';

type Groups = readonly RawTestGroup[];

/** What is wrong with the groups of a document of the right shape. */
export function groupFaults(raw: RawGradingDocument): DocumentFault[] {
  const groups = raw.groups ?? [];
  const members = memberFaults(raw, groups);
  const chains = chainsOf(groups);
  return [
    ...groups.flatMap((group, index) => [
      ...plainFaults(group, chains.get(group.name) ?? [], pointer('groups', index)),
      ...(members[index] ?? []),
    ]),
    // Only where the tree is one can be asked what comes before what.
    ...(members.some((faults) => faults.length > 0) ? [] : [...depthFaults(groups), ...requirementFaults(raw, groups)]),
    ...(groups.length > 0 && !somethingCounts(raw, groups)
      ? [{ path: '/groups', message: 'leave no test that counts: take away `counts: false` somewhere' }]
      : []),
  ];
}

function plainFaults(group: RawTestGroup, chain: GroupChain, path: string): DocumentFault[] {
  const { range = null, points } = group;
  const faults: (readonly [string, string | null])[] = [
    ['/name', nameFault(group.name)],
    ['/points', points === null ? null : pointsFault(points)],
    ['/rejectPoints', pointsFault(group.rejectPoints ?? 0)],
    ['/range', rangeFault(range, points)],
    ['/range/min', pointsFault(range?.min ?? 0)],
    ['/range/max', pointsFault(range?.max ?? 0)],
    ...comparisonFaults(comparisonFrom(group.expect ?? {}, chain)),
    [
      '/tests',
      (group.tests ?? []).length + (group.groups ?? []).length > 0 ? null : 'is required, unless `groups` names some',
    ],
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function rangeFault(range: NonNullable<RawTestGroup['range']> | null, points: number | null): string | null {
  if (range === null) return null;
  if (points !== null) return 'excludes `points`: write `points: null`, or leave the range out';
  return range.min <= range.max ? null : `has its least (${range.min}) above its most (${range.max})`;
}

/** By group the members that are not there, or that are in two groups. */
function memberFaults(raw: RawGradingDocument, groups: Groups): DocumentFault[][] {
  const testNames = new Set(raw.tests.map((test) => test.name));
  const groupNames = new Set(groups.map((group) => group.name));
  const groupOfTest = new Map<string, string>();
  const groupOfGroup = new Map<string, string>();
  return groups.map((group, index) => [
    ...(group.tests ?? []).flatMap((name, position) => {
      const path = pointer('groups', index, 'tests', position);
      if (!testNames.has(name)) return [{ path, message: 'is not the name of a test in `tests`' }];
      return takenFault(groupOfTest, name, path, pointer('groups', index), 'a test');
    }),
    ...(group.groups ?? []).flatMap((name, position) => {
      const path = pointer('groups', index, 'groups', position);
      if (!groupNames.has(name)) return [{ path, message: 'is not the name of a group in `groups`' }];
      return takenFault(groupOfGroup, name, path, pointer('groups', index), 'a group');
    }),
  ]);
}

function takenFault(
  taken: Map<string, string>,
  name: string,
  path: string,
  group: string,
  what: string,
): DocumentFault[] {
  const other = taken.get(name);
  if (other !== undefined) {
    return [{ path, message: `is already in ${other}: ${what} is in one group at most, once` }];
  }
  taken.set(name, group);
  return [];
}

function depthFaults(groups: Groups): DocumentFault[] {
  const chains = chainsOf(groups);
  return groups.flatMap((group, index) => {
    const chain = chains.get(group.name) ?? [];
    const outermost = chain.at(-1);
    const path = pointer('groups', index, 'groups');
    if (outermost !== undefined && group.groups?.includes(outermost.name) === true) {
      return [{ path, message: `puts "${outermost.name}" inside itself: take that group out` }];
    }
    if (chain.length <= DOCUMENT_LIMITS.groupDepth) return [];
    return [
      { path: pointer('groups', index), message: `is more than ${DOCUMENT_LIMITS.groupDepth} groups deep: nest less` },
    ];
  });
}

function requirementFaults(raw: RawGradingDocument, groups: Groups): DocumentFault[] {
  const positions = new Map(raw.tests.map((test, position) => [test.name, position]));
  const byName = new Map(groups.map((group) => [group.name, group]));
  const chains = chainsOf(groups);
  const testsIn = (name: string): number[] =>
    groups
      .filter((group) => (chains.get(group.name) ?? []).some((around) => around.name === name))
      .flatMap((group) => (group.tests ?? []).flatMap((test) => positions.get(test) ?? []));
  return groups.flatMap((group, index) =>
    (group.requires ?? []).flatMap((name, position) => {
      const path = pointer('groups', index, 'requires', position);
      if (!byName.has(name)) return [{ path, message: 'is not the name of a group in `groups`' }];
      if (Math.max(...testsIn(name)) < Math.min(...testsIn(group.name))) return [];
      return [{ path, message: `must come before it: put the tests of "${name}" before those of "${group.name}"` }];
    }),
  );
}

function somethingCounts(raw: RawGradingDocument, groups: Groups): boolean {
  const chains = chainsOf(groups);
  const left = new Set(
    groups
      .filter((group) => (chains.get(group.name) ?? []).some((around) => around.counts === false))
      .flatMap((group) => group.tests ?? []),
  );
  return raw.tests.some((test) => !left.has(test.name));
}
