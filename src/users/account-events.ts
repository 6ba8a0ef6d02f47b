import type { AuditedAction } from '../audit/audit-log.js';

/** An audit entry about an account. What its owner did, or somebody who passed for them, has no other actor. */
export function aboutUser(
  action: string,
  userId: string,
  more: { readonly actorId?: string; readonly detail?: Readonly<Record<string, unknown>> } = {},
): AuditedAction {
  const { actorId = userId, detail = null } = more;
  return { actorId, action, targetType: 'user', targetId: userId, courseId: null, detail };
}
