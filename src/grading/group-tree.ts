import type { GradingDocument, GradingTest, TestGroup } from './grading-document.js';

/** A group with its defaults. */
export type SettledGroup = Required<TestGroup>;

/** What a group is made of. */
export type GroupMember = TestMember | GroupNode;

/** A test in its place. */
export interface TestMember {
  readonly kind: 'test';
  readonly test: GradingTest;
  /** 0, 1, 2, … in the order of the document. */
  readonly position: number;
}

/** A group in its place. */
export interface GroupNode {
  readonly kind: 'group';
  readonly group: SettledGroup;
  /** By the positions of their first tests. */
  readonly members: readonly GroupMember[];
  /** Positions of all tests in it, however deep, ascending. */
  readonly positions: readonly number[];
  /** Whether all tests that it names exist. A document without faults has no other. */
  readonly isWhole: boolean;
}

/** The groups of a document as the tree that they are. */
export interface GroupTree {
  /** The groups that are in no other, and the tests that are in no group. */
  readonly members: readonly GroupMember[];
  /** By the position of a test the groups that it is in, from the innermost out. */
  readonly around: ReadonlyMap<number, readonly GroupNode[]>;
  readonly groups: ReadonlyMap<string, GroupNode>;
}

type TreeDocument = Pick<GradingDocument, 'tests' | 'groups'>;

/** `group` with the defaults of what it leaves out; documents that were stored before groups held so much leave out most. */
export function settledGroup(group: TestGroup): SettledGroup {
  return {
    name: group.name,
    points: group.points,
    scoring: group.scoring,
    tests: group.tests,
    groups: group.groups ?? [],
    onReject: group.onReject ?? 'continue',
    verdict: group.verdict ?? 'first-error',
    acceptIfAny: group.acceptIfAny ?? false,
    onlyIfAccepted: group.onlyIfAccepted ?? false,
    counts: group.counts ?? true,
    requires: group.requires ?? [],
    rejectPoints: group.rejectPoints ?? 0,
    range: group.range ?? null,
  };
}

/** The tree of a document without faults. Of another, groups that are inside themselves are left out. */
export function groupTree({ tests, groups }: TreeDocument): GroupTree {
  const byName = new Map(groups.map((group) => [group.name, settledGroup(group)]));
  const positions = new Map(tests.map((test, position) => [test.name, position]));
  const nodes = new Map<string, GroupNode>();
  const around = new Map<number, GroupNode[]>();

  const nodeOf = (group: SettledGroup): GroupNode => {
    const inner = group.groups.flatMap((name) => byName.get(name) ?? []).map(nodeOf);
    const own = group.tests.flatMap((name) => testMember(tests, positions.get(name)));
    const members = inOrder([...own, ...inner]);
    const node: GroupNode = {
      kind: 'group',
      group,
      members,
      positions: members.flatMap(positionsOf).sort((a, b) => a - b),
      isWhole: own.length === group.tests.length && inner.length === group.groups.length,
    };
    nodes.set(group.name, node);
    for (const position of node.positions) {
      const groupsAround = around.get(position);
      if (groupsAround === undefined) around.set(position, [node]);
      else groupsAround.push(node);
    }
    return node;
  };

  const inside = new Set(groups.flatMap((group) => group.groups ?? []));
  const outermost = [...byName.values()].filter(({ name }) => !inside.has(name)).map(nodeOf);
  const grouped = new Set(groups.flatMap((group) => group.tests));
  const ungrouped = tests.flatMap(({ name }, position) => (grouped.has(name) ? [] : testMember(tests, position)));
  return { members: inOrder([...ungrouped, ...outermost]), around, groups: nodes };
}

/** Positions of the tests in a member. */
export function positionsOf(member: GroupMember): readonly number[] {
  return member.kind === 'test' ? [member.position] : member.positions;
}

function testMember(tests: readonly GradingTest[], position: number | undefined): TestMember[] {
  const test = position === undefined ? undefined : tests[position];
  return position === undefined || test === undefined ? [] : [{ kind: 'test', test, position }];
}

function inOrder(members: readonly GroupMember[]): GroupMember[] {
  return [...members].sort((a, b) => (positionsOf(a)[0] ?? 0) - (positionsOf(b)[0] ?? 0));
}
