import { Column, Entity, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import type { WorkerReport } from './worker-report.js';
import type { WorkerState, WorkerWish } from './worker-state.js';

/** A process that grades, as it last told of itself, and what administrators want of it. All times are the database's. */
@Entity('workers')
export class WorkerProcess {
  /** Made by each process at its start. */
  @PrimaryColumn(columnTypes.id)
  id: string;

  /** For administrators: `WORKER_NAME`, or host, process and a random part. */
  @Column(shortText(100))
  name: string;

  /** Names it in the leases of grading runs. */
  @Column(shortText(100))
  leaseOwner: string;

  @Column(shortText(40))
  version: string;

  @Column(columnTypes.integer)
  concurrency: number;

  @Column(shortText(20))
  state: WorkerState;

  @Column(columnTypes.instant)
  stateSince: Date;

  /** Why it is `unready`, for administrators: it may name paths of the machine. */
  @Column(nullable(columnTypes.longText))
  reason: string | null;

  /** Null until it has examined its machine. */
  @Column(nullable(columnTypes.json))
  report: WorkerReport | null;

  /** Written by the API alone. */
  @Column(shortText(20))
  wish: WorkerWish;

  @Column(columnTypes.instant)
  startedAt: Date;

  @Column(columnTypes.instant)
  lastSeenAt: Date;
}
