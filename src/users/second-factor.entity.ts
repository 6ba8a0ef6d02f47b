import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable } from '../database/column-types.js';
import { User } from './user.entity.js';

/** What an account signs in with besides its password: time-based codes (RFC 6238). */
@Entity('second_factors')
export class SecondFactor {
  @PrimaryColumn(columnTypes.id)
  userId: string;

  @OneToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'fk_second_factors_user' })
  user?: User;

  /** In base 32, sealed. */
  @Column(columnTypes.longText)
  secret: string;

  @Column(columnTypes.instant)
  createdAt: Date;

  /** When its owner showed that their program has it; null: it is not asked for yet. */
  @Column(nullable(columnTypes.instant))
  confirmedAt: Date | null;

  /** The last time step whose code was taken: neither that nor an earlier one is taken again. */
  @Column(columnTypes.integer)
  lastStep: number;
}
