import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { databaseNow } from '../database/database-clock.js';
import { insertRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditHead, HEAD_ID } from './audit-head.entity.js';
import { hashOfEntry } from './entry-hash.js';
import { currentAddress } from './origin.js';

/** Characters of a detail's JSON text: an entry names what was done and does not copy it. */
const MOST_DETAIL = 4_000;

/** What an entry says, besides when. */
export interface AuditedAction {
  readonly actorId: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  /** Null for what belongs to no course. */
  readonly courseId: string | null;
  /** Small, and without secrets and personal data. */
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** The one door to the audit entries. They are added, never changed. */
@Injectable()
export class AuditLog {
  /**
   * Writes an entry at the end of the chain, in the transaction of what it tells of, so that neither is there without the other.
   * Others who write one wait until that transaction ends: best done last in it.
   *
   * @throws Error when the detail is too long: a mistake in the code that calls
   */
  async record(manager: EntityManager, action: AuditedAction): Promise<void> {
    if (JSON.stringify(action.detail).length > MOST_DETAIL) {
      throw new Error(`The detail of the audit entry ${action.action} is longer than ${MOST_DETAIL} characters.`);
    }
    const head = await manager.findOneOrFail(AuditHead, { where: { id: HEAD_ID }, ...rowLock(manager) });
    const sequence = head.sequence + 1;
    const entry = { ...action, id: newId(), at: await databaseNow(manager), sequence, address: currentAddress() };
    const hash = hashOfEntry(head.hash, entry);
    await insertRows(manager, AuditEntry, [{ ...entry, hash }]);
    await manager.update(AuditHead, { id: HEAD_ID }, { sequence, hash });
  }
}
