import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import { User } from './user.entity.js';

/** A token for a program that acts for its owner. The token itself is kept only as a hash; a row that is gone is revoked. */
@Entity('personal_access_tokens')
export class PersonalAccessToken {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Index('personal_access_tokens_user')
  @Column(columnTypes.id)
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'fk_personal_access_tokens_user' })
  user?: User;

  @Column(shortText(100))
  name: string;

  /** SHA-256 in hexadecimal. */
  @Index('personal_access_tokens_hash', { unique: true })
  @Column(shortText(64))
  tokenHash: string;

  /** Separated by blanks, as in OAuth (RFC 6749, section 3.3). */
  @Column(shortText(100))
  scopes: string;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(columnTypes.instant)
  expiresAt: Date;

  /** To the minute; null while it was not used. */
  @Column(nullable(columnTypes.instant))
  lastUsedAt: Date | null;
}
