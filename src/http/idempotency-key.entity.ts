import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

/** What was answered to a creating request that named an `Idempotency-Key`; kept for 24 hours. */
@Entity('idempotency_keys')
@Index('idempotency_keys_owner', ['userId', 'route', 'key'], { unique: true })
export class IdempotencyKey {
  @PrimaryColumn(columnTypes.id)
  id: string;

  @Column(columnTypes.id)
  userId: string;

  /** Method and path, without the query. */
  @Column(shortText(200))
  route: string;

  @Column(shortText())
  key: string;

  /** SHA-256 of the request's body, in hexadecimal. */
  @Column({ type: 'varchar', length: 64 })
  requestHash: string;

  /** While the first request runs: until when another must wait for it. Null once it was answered. */
  @Column(nullable(columnTypes.instant))
  lockedUntil: Date | null;

  @Column(nullable(columnTypes.integer))
  status: number | null;

  @Column(nullable(columnTypes.json))
  body: object | null;

  /** The `Location` header, where there was one. */
  @Column(nullable(shortText()))
  location: string | null;

  @Column(columnTypes.instant)
  createdAt: Date;

  @Index('idempotency_keys_expiry')
  @Column(columnTypes.instant)
  expiresAt: Date;
}
