import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { deleteRows, insertRows, updateRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { OutboxMessage } from './outbox-message.entity.js';

/**
 * The rows that keep a grading run from being forgotten. A run has one from the transaction that makes it to the one that
 * ends it; `dueAt` says when it must be handed to the queue (again). All methods write in the caller's transaction.
 */
@Injectable()
export class Outbox {
  /** Says that a new run waits, from `now` (the database's clock) on. Ring the relay after the commit. */
  async add(manager: EntityManager, runId: string, now: Date): Promise<void> {
    const message = { id: newId(), runId, createdAt: now, dueAt: now, publishedAt: null, publications: 0 };
    await insertRows(manager, OutboxMessage, [message]);
  }

  /** Nobody needs to ring for the run before `until`: it is being graded under a lease, or backs off. */
  async postpone(manager: EntityManager, runId: string, until: Date): Promise<void> {
    await updateRows(manager, OutboxMessage, { runId }, { dueAt: until });
  }

  /** The run is over. Harmless when there is no row. */
  async remove(manager: EntityManager, runId: string): Promise<void> {
    await deleteRows(manager, OutboxMessage, { runId });
  }
}
