import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

/** Who did what to what, and when. Rows are only added. Without foreign keys: an entry outlives whatever it tells of. */
@Entity('audit_entries')
@Index('audit_entries_target', ['targetType', 'targetId'])
@Index('audit_entries_course', ['courseId', 'id'])
@Index('audit_entries_actor', ['actorId', 'id'])
@Index('audit_entries_sequence', ['sequence'], { unique: true })
export class AuditEntry {
  @PrimaryColumn(columnTypes.id)
  id: string;

  /** By the database's clock. */
  @Column(columnTypes.instant)
  at: Date;

  @Column(columnTypes.id)
  actorId: string;

  /** What was done, such as `rejudge.applied`: the kind of target, and a word in the past tense. */
  @Column(shortText(60))
  action: string;

  @Column(shortText(40))
  targetType: string;

  @Column(columnTypes.id)
  targetId: string;

  /** The course that it happened in; null for what belongs to none. */
  @Column(nullable(columnTypes.id))
  courseId: string | null;

  @Column(nullable(columnTypes.json))
  detail: Readonly<Record<string, unknown>> | null;

  /** Its number in the chain, from 1 on and without gaps; null for an entry from before there was one. */
  @Column(nullable(columnTypes.integer))
  sequence: number | null;

  /** Over the entry before and all that this one says (`entry-hash.ts`); null where `sequence` is. */
  @Column(nullable(shortText(64)))
  hash: string | null;

  /** Address of the client; null for what a process did by itself. */
  @Column(nullable(shortText(45)))
  address: string | null;
}
