import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, shortText } from '../database/column-types.js';
import { User } from './user.entity.js';

/** A code for whoever has lost what makes the others. A row that is gone is spent. */
@Entity('recovery_codes')
@Index('recovery_codes_code', ['userId', 'codeHash'], { unique: true })
export class RecoveryCode {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'fk_recovery_codes_user' })
  user?: User;

  /** SHA-256 in hexadecimal. */
  @Column(shortText(64))
  codeHash: string;
}
