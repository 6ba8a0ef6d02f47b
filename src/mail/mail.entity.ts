import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { columnTypes, nullable, shortText } from '../database/column-types.js';

/**
 * A mail: on its way, sent or given up. Written in the transaction of what caused it, so that neither is there without the
 * other. What it says is sealed, and gone once the mail is; the rest stays for some days, to count by.
 */
@Entity('mails')
@Index('mails_recipient', ['recipient', 'createdAt'])
export class Mail {
  @PrimaryColumn(columnTypes.id)
  id: string;

  /** What it is about, such as `password_reset`. */
  @Column(shortText(40))
  kind: string;

  /** One address, and nothing else. */
  @Column(shortText())
  recipient: string;

  /** Subject and text as JSON, sealed; null once the mail is over. */
  @Column(nullable(columnTypes.longText))
  content: string | null;

  @Column(columnTypes.instant)
  createdAt: Date;

  /** After that nobody has any use for it; null: never. */
  @Column(nullable(columnTypes.instant))
  uselessAt: Date | null;

  /** When somebody should send it (again): while it is being sent, the end of the lease; null once it is over. */
  @Index('mails_due')
  @Column(nullable(columnTypes.instant))
  dueAt: Date | null;

  /** Rises whenever somebody takes it to send it: the fencing token of who does. */
  @Column(columnTypes.integer)
  claims: number;

  /** Tries that were its own fault; one that is under way counts until it has turned out otherwise. */
  @Column(columnTypes.integer)
  failures: number;

  @Column(nullable(columnTypes.instant))
  sentAt: Date | null;

  @Column(nullable(columnTypes.instant))
  givenUpAt: Date | null;

  /** Codes of the last refusal, without its words. */
  @Column(nullable(shortText(60)))
  lastError: string | null;
}
