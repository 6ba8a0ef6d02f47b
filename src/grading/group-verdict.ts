import type { GroupVerdict } from './grading-document.js';
import type { GroupMember, GroupTree, SettledGroup } from './group-tree.js';
import type { Verdict } from './verdict.js';

/** By the position of each test that has a result its verdict. */
export type VerdictsByPosition = ReadonlyMap<number, Verdict>;

/** The verdict of a test or group, and the position of the test that it comes from. */
export interface DecidedVerdict {
  readonly verdict: Verdict;
  readonly position: number;
}

/**
 * From worst to best, as the default grader of the legacy Kattis problem format orders them; what that format does not know
 * stands where it does least.
 */
const WORST_FIRST: readonly Verdict[] = [
  'judge_error',
  'compile_error',
  'runtime_error',
  'memory_limit_exceeded',
  'time_limit_exceeded',
  'output_limit_exceeded',
  'wrong_answer',
];

type Decide = (errors: readonly DecidedVerdict[]) => DecidedVerdict | undefined;

const DECIDES: Readonly<Record<GroupVerdict, Decide>> = {
  'first-error': earliest,
  'worst-error': (errors) => {
    const worst = WORST_FIRST.find((one) => errors.some(({ verdict }) => verdict === one));
    return earliest(errors.filter(({ verdict }) => verdict === worst));
  },
  'always-accept': () => undefined,
};

/**
 * The verdict of a member of a group whose tests gave `verdicts`. Source of the rules for groups: the default grader of the
 * legacy Kattis problem format ("Default grader specification").
 *
 * A group whose members are all accepted is `accepted`. Otherwise it has, of those that are neither accepted nor skipped,
 * with `first-error` the verdict of the first, in the order of the tests; with `worst-error` the worst, in the order judge
 * error, run-time error, memory, time, output, wrong answer; with `always-accept` it is accepted all the same. With
 * `acceptIfAny` it is accepted when one member is. Members that do not count change nothing. Where nothing failed but
 * something was skipped, and where nothing ran, it is `skipped`: nobody knows. A test without a result was skipped.
 */
export function memberVerdict(member: GroupMember, verdicts: VerdictsByPosition): DecidedVerdict {
  if (member.kind === 'test') {
    return { verdict: verdicts.get(member.position) ?? 'skipped', position: member.position };
  }
  return verdictOfAll(member.members, member.group, verdicts);
}

/**
 * The verdict of a submission whose tests gave `verdicts`: of the outermost members of its document together, `first-error`.
 *
 * That every test is skipped after a failed build is `compile_error`, and only who ran the build knows it: ask this function
 * only after a build that succeeded. A document without tests, which no valid one is, is `judge_error`, never a success.
 */
export function submissionVerdict(tree: GroupTree, verdicts: VerdictsByPosition): Verdict {
  if (tree.members.length === 0) return 'judge_error';
  return verdictOfAll(tree.members, { verdict: 'first-error', acceptIfAny: false }, verdicts).verdict;
}

function verdictOfAll(
  members: readonly GroupMember[],
  { verdict, acceptIfAny }: Pick<SettledGroup, 'verdict' | 'acceptIfAny'>,
  verdicts: VerdictsByPosition,
): DecidedVerdict {
  const decided = members
    .filter((member) => member.kind === 'test' || member.group.counts)
    .map((member) => memberVerdict(member, verdicts));
  const first = decided[0]?.position ?? 0;
  const accepted = decided.find((one) => one.verdict === 'accepted');
  if (acceptIfAny && accepted !== undefined) return accepted;
  const errors = decided.filter((one) => one.verdict !== 'accepted' && one.verdict !== 'skipped');
  const error = DECIDES[verdict](errors);
  if (error !== undefined) return error;
  const isAccepted =
    verdict === 'always-accept'
      ? decided.some((one) => one.verdict !== 'skipped')
      : decided.length > 0 && decided.every((one) => one.verdict === 'accepted');
  return { verdict: isAccepted ? 'accepted' : 'skipped', position: first };
}

function earliest(verdicts: readonly DecidedVerdict[]): DecidedVerdict | undefined {
  let first: DecidedVerdict | undefined;
  for (const one of verdicts) if (first === undefined || one.position < first.position) first = one;
  return first;
}
