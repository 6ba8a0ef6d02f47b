import type { GradingDocument } from './grading-document.js';
import { positionsOf, type GroupMember, type GroupNode, type GroupTree } from './group-tree.js';
import { memberVerdict, type VerdictsByPosition } from './group-verdict.js';

/**
 * Why the test at `position` is not to be run after those that gave `verdicts`, as a sentence for the student; null: it is to
 * be run. Tests are asked about in their order, and one that is skipped has the verdict `skipped` from then on.
 *
 * - With `stopOnFailure` every test after the first that is not accepted is skipped.
 * - With `onReject: break` what is left of a group is skipped once one of its members is over and not accepted; a group
 *   inside it is over when all its tests are. Members that do not count, or were skipped themselves, end nothing.
 * - A test is skipped where a group that one of its groups `requires` is not accepted.
 */
export function skipReason(
  { stopOnFailure }: Pick<GradingDocument, 'stopOnFailure'>,
  tree: GroupTree,
  position: number,
  verdicts: VerdictsByPosition,
): string | null {
  if (stopOnFailure && [...verdicts.values()].some((verdict) => verdict !== 'accepted' && verdict !== 'skipped')) {
    return 'Not run, because a test before it was not passed.';
  }
  for (const node of tree.around.get(position) ?? []) {
    const { name, onReject, requires } = node.group;
    if (requires.some((group) => !isAccepted(tree.groups.get(group), verdicts))) {
      return 'Not run, because another group of tests must be passed before.';
    }
    if (onReject === 'break' && node.members.some((member) => isRejected(member, verdicts))) {
      return `Not run, because something before it in the group "${name}" was not passed.`;
    }
  }
  return null;
}

function isAccepted(node: GroupNode | undefined, verdicts: VerdictsByPosition): boolean {
  return node !== undefined && memberVerdict(node, verdicts).verdict === 'accepted';
}

function isRejected(member: GroupMember, verdicts: VerdictsByPosition): boolean {
  if (member.kind === 'group' && !member.group.counts) return false;
  if (positionsOf(member).some((position) => !verdicts.has(position))) return false;
  const { verdict } = memberVerdict(member, verdicts);
  return verdict !== 'accepted' && verdict !== 'skipped';
}
