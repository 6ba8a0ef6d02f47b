import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';
import { User } from './user.entity.js';

/** One refresh token of a family; a family is one sign-in. The token itself is kept only as a hash. */
@Entity('refresh_tokens')
export class RefreshToken {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Index('refresh_tokens_family')
  @Column(columnTypes.id)
  familyId: string;

  @Index('refresh_tokens_user')
  @Column(columnTypes.id)
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'userId', foreignKeyConstraintName: 'fk_refresh_tokens_user' })
  user?: User;

  /** SHA-256 in hexadecimal. */
  @Index('refresh_tokens_hash', { unique: true })
  @Column({ type: 'varchar', length: 64 })
  tokenHash: string;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Column(columnTypes.instant)
  expiresAt: Date;

  /** When the sign-in was made that it follows from; null for those made before this was kept. */
  @Column(nullable(columnTypes.instant))
  startedAt: Date | null;

  /** The address that asked for it. */
  @Column(nullable(shortText(45)))
  address: string | null;

  /** What the program that asked for it called itself. */
  @Column(nullable(shortText(200)))
  userAgent: string | null;

  /** When it was exchanged for its successor; null while it is fresh. */
  @Column(nullable(columnTypes.instant))
  usedAt: Date | null;

  /** When the whole family ended, by logout or reuse; null while it lives. */
  @Column(nullable(columnTypes.instant))
  revokedAt: Date | null;
}
