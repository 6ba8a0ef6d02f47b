import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable } from '../database/column-types.js';

/**
 * Says that a grading run waits to be handed to the queue. Written in the transaction that makes the run, removed in the
 * one that ends it; until then the relay may hand it over again.
 */
@Entity('outbox_messages')
@Index('outbox_messages_due', ['dueAt', 'id'])
export class OutboxMessage {
  @PrimaryColumn(columnTypes.id)
  id: string;

  /** The grading run; the queue knows nothing else of it. */
  @Index('outbox_messages_run', { unique: true })
  @Column(columnTypes.id)
  runId: string;

  @Column(columnTypes.instant)
  createdAt: Date;

  /** When the relay should hand it over (again), by the database's clock. */
  @Column(columnTypes.instant)
  dueAt: Date;

  /** When it was last handed over; null: never. */
  @Column(nullable(columnTypes.instant))
  publishedAt: Date | null;

  @Column(columnTypes.integer)
  publications: number;
}
