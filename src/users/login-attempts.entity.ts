import { Column, Entity, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

/** Failed sign-ins in a row, for one account as seen from one side; see `LoginAttempts`. Gone with the first that succeeds. */
@Entity('login_attempts')
export class LoginAttemptRow {
  /** SHA-256 in hexadecimal of whom it is about: addresses that have no account are counted too, and are not kept. */
  @PrimaryColumn(shortText(64))
  id: string;

  @Column(columnTypes.integer)
  failures: number;

  /** Until when all further ones are refused unseen; null after the first few. */
  @Column(nullable(columnTypes.instant))
  blockedUntil: Date | null;

  @Column(columnTypes.instant)
  lastAt: Date;
}
