import type { FieldError } from '../errors/domain-error.js';
import type { LatePolicy } from '../grading/late-policy.js';
import { hasAtMostThreeDecimals } from '../grading/thousandths.js';
import { joinPointer } from '../http/json-pointer.js';
import { mergePatch } from '../http/merge-patch.js';

type Sent = Readonly<Record<string, unknown>>;

/** What a late policy as it was sent comes to: the policy, or why it is none. */
export type LatePolicyInput =
  { readonly ok: true; readonly policy: LatePolicy } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Checks a late policy that somebody sent; `max` is 100 where it is left out. Pointers begin with `/latePolicy`. */
export function parseLatePolicy(sent: Sent): LatePolicyInput {
  const { kind, perDay, max = 100, ...others } = sent;
  if (kind === 'none') {
    const unknown = unknownMembers(
      Object.keys(sent).filter((name) => name !== 'kind'),
      'of the policy `none`',
    );
    return unknown.length > 0 ? { ok: false, errors: unknown } : { ok: true, policy: { kind } };
  }
  if (kind !== 'percent') {
    return { ok: false, errors: [{ path: '/latePolicy/kind', message: 'must be none or percent' }] };
  }
  const errors = unknownMembers(Object.keys(others), 'of the policy `percent`');
  if (!isPercentage(perDay)) errors.push(percentageFault('perDay'));
  if (!isPercentage(max)) errors.push(percentageFault('max'));
  if (errors.length > 0 || !isPercentage(perDay) || !isPercentage(max)) return { ok: false, errors };
  return { ok: true, policy: { kind, perDay, max } };
}

/**
 * Merges a patch into a policy (RFC 7396). A patch that names another kind starts from nothing: what the old kind held has
 * no meaning in the new one.
 */
export function patchLatePolicy(present: LatePolicy, patch: Sent): LatePolicyInput {
  const changesKind = patch['kind'] !== undefined && patch['kind'] !== present.kind;
  return parseLatePolicy(mergePatch(changesKind ? {} : present, patch));
}

function unknownMembers(names: readonly string[], where: string): FieldError[] {
  return names.map((name) => ({
    path: joinPointer('/latePolicy', name),
    message: `${name} is not a property ${where}`,
  }));
}

function percentageFault(name: string): FieldError {
  return {
    path: `/latePolicy/${name}`,
    message: `${name} must be a number of percent from 0 to 100 with at most three decimals`,
  };
}

function isPercentage(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100 && hasAtMostThreeDecimals(value);
}
