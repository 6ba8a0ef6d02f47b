import { Column, Entity, PrimaryColumn } from 'typeorm';
import { columnTypes, shortText } from '../database/column-types.js';

/** The one row of the table. */
export const HEAD_ID = 'entries';

/** The end of the chain of audit entries: one row, locked by whoever adds to it. */
@Entity('audit_heads')
export class AuditHead {
  @PrimaryColumn(shortText(20))
  id: string;

  /** Number of the last entry; 0 while there is none. */
  @Column(columnTypes.integer)
  sequence: number;

  /** Hash of the last entry. */
  @Column(shortText(64))
  hash: string;
}
