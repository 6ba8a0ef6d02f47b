import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

/**
 * Says that a grading run waits to be handed to the queue. Written in the transaction that makes the run, removed in the
 * one that ends it; until then the relay may hand it over again.
 */
@Entity('outbox_messages')
@Index('outbox_messages_due', ['dueAt', 'id'])
@Index('outbox_messages_turn', ['isWaiting', 'flow', 'turn', 'id', 'weight'])
@Index('outbox_messages_student', ['studentId', 'flow', 'turn'])
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

  /** Its class and its course, as `flowOf` writes them. */
  @Column({ ...shortText(40), default: '0:' })
  flow: string;

  /** Whose work it is; empty where nobody shares it. */
  @Column({ ...columnTypes.id, default: '' })
  studentId: string;

  /** Its place within the flow, lowest first: students take turns. The same for several; then the older goes first. */
  @Column({ ...columnTypes.integer, default: 0 })
  turn: number;

  /** What its course weighs among others of the same class. */
  @Column({ ...columnTypes.integer, default: 1 })
  weight: number;

  /** True until a worker claims it, and again after a hand-back, whether or not the queue has it. */
  @Column({ ...columnTypes.boolean, default: true })
  isWaiting: boolean;
}
