import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { deleteRows, insertComputed, updateRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { flowOf, type WorkClass } from './flow.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** Where a run stands among the others that wait. */
export interface Place {
  readonly workClass: WorkClass;
  readonly courseId: string;
  /** Whose work it is: students of a course take turns. */
  readonly studentId: string;
  /** What the course weighs among others of the same class, from 1. */
  readonly weight: number;
}

/** Work of no course and nobody: first come, first served. */
const NOWHERE: Place = { workClass: 'interactive', courseId: '', studentId: '', weight: 1 };

/**
 * The turn of a new run: that of the first which waits in its flow, or behind the student's own last one there. So of a
 * thousand runs of one student each is a turn later than the one before, and anybody else's first has the turn of the one
 * that is next.
 */
const TURN = {
  from: `SELECT
      COALESCE((SELECT MIN("first"."turn") FROM "outbox_messages" "first"
        WHERE "first"."isWaiting" = TRUE AND "first"."flow" = ?), 0) AS "present",
      COALESCE((SELECT MAX("own"."turn") + 1 FROM "outbox_messages" "own"
        WHERE "own"."studentId" = ? AND "own"."flow" = ?), 0) AS "behind"`,
  expressions: {
    turn: 'CASE WHEN "found"."present" > "found"."behind" THEN "found"."present" ELSE "found"."behind" END',
  },
};

/** Part of a query: `sql` is an expression, with its parameters. */
export interface QueryPart {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/** How many runs of a student wait or are being graded in a course, those left out that staff have graded again. */
export function pendingOf(studentId: string, courseId: string): QueryPart {
  return {
    sql: `(SELECT COUNT(*) FROM "outbox_messages" "pending"
      WHERE "pending"."studentId" = ? AND "pending"."flow" IN (?, ?))`,
    parameters: [studentId, flowOf('interactive', courseId), flowOf('late', courseId)],
  };
}

/** Whether a run other than this one waits. */
export function othersWait(runId: string): QueryPart {
  return {
    sql: `EXISTS (SELECT 1 FROM "outbox_messages" "other" WHERE "other"."isWaiting" = TRUE AND "other"."runId" <> ?)`,
    parameters: [runId],
  };
}

/**
 * The rows that keep a grading run from being forgotten. A run has one from the transaction that makes it to the one that
 * ends it; `dueAt` says when it must be handed to the queue (again). All methods write in the caller's transaction.
 */
@Injectable()
export class Outbox {
  /** Says that a new run waits, from `now` (the database's clock) on. Ring the relay after the commit. */
  async add(manager: EntityManager, runId: string, now: Date, place: Place = NOWHERE): Promise<void> {
    const { workClass, courseId, studentId, weight } = place;
    const flow = flowOf(workClass, courseId);
    const row = {
      id: newId(),
      runId,
      createdAt: now,
      dueAt: now,
      publishedAt: null,
      publications: 0,
      flow,
      studentId,
      weight,
      isWaiting: true,
    };
    await insertComputed(manager, OutboxMessage, row, { ...TURN, parameters: [flow, studentId, flow] });
  }

  /** Nobody needs to ring for the run before `until`: it is being graded under a lease. */
  async postpone(manager: EntityManager, runId: string, until: Date): Promise<void> {
    await updateRows(manager, OutboxMessage, { runId }, { dueAt: until, isWaiting: false });
  }

  /** The run was handed back: it waits again, with the turn that it had, and may be handed over from `from` on. */
  async putBack(manager: EntityManager, runId: string, from: Date): Promise<void> {
    await updateRows(manager, OutboxMessage, { runId }, { dueAt: from, isWaiting: true });
  }

  /** The run is over. Harmless when there is no row. */
  async remove(manager: EntityManager, runId: string): Promise<void> {
    await deleteRows(manager, OutboxMessage, { runId });
  }
}
