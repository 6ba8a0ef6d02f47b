import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, shortText } from '../database/column-types.js';
import { User } from './user.entity.js';

export type AccountTokenKind = 'password_reset' | 'email_verification' | 'email_change';

/** A token that was mailed to somebody, and works once. The token itself is kept only as a hash; a row that is gone is spent. */
@Entity('account_tokens')
export class AccountToken {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Index('account_tokens_user')
  @Column(columnTypes.id)
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'fk_account_tokens_user' })
  user?: User;

  @Column(shortText(30))
  kind: AccountTokenKind;

  /** The address that it was mailed to. */
  @Column(shortText())
  email: string;

  /** SHA-256 in hexadecimal. */
  @Index('account_tokens_hash', { unique: true })
  @Column(shortText(64))
  tokenHash: string;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Index('account_tokens_expiry')
  @Column(columnTypes.instant)
  expiresAt: Date;
}
