import { Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { SecretBox } from '../auth/secret-box.js';
import { Environment } from '../config/env.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { DomainError } from '../errors/domain-error.js';
import { isMailable } from './mail-address.js';
import { placeOf } from './mail-content.js';
import { oneLine } from './mail-text.js';
import { Mail } from './mail.entity.js';

/** What is to be sent. */
export interface NewMail {
  /** What it is about, such as `password_reset`; mails to one address are counted by it. */
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** For how long it is of any use; left out: for ever. */
  readonly usefulForMs?: number;
}

/** No address gets more than that in a day, whatever they are about. */
const MOST_A_DAY = 30;
const DAY_MS = 24 * 3_600_000;

/** The door to outgoing mail: what is added here goes out once the transaction is committed, and not without it. */
@Injectable()
export class MailOutbox {
  constructor(
    private readonly environment: Environment,
    private readonly box: SecretBox,
  ) {}

  /** @throws DomainError `unavailable` (`mail_not_set_up`) where no mail can be sent at all */
  requireMail(): void {
    if (this.environment.mail.kind !== 'off') return;
    throw new DomainError(
      'unavailable',
      'mail_not_set_up',
      'This server sends no mails: ask an administrator for help.',
    );
  }

  /**
   * Whether somebody may be sent one more of a kind. Ask it in the transaction that adds the mail.
   *
   * @param most that many of the kind within `withinMs`
   */
  async maySend(
    manager: EntityManager,
    {
      to,
      kind,
      most,
      withinMs,
    }: { readonly to: string; readonly kind: string; readonly most: number; readonly withinMs: number },
  ): Promise<boolean> {
    const now = await databaseNow(manager);
    const since = (ms: number) => MoreThan(new Date(now.getTime() - ms));
    const sameKind = await manager.countBy(Mail, { recipient: to, kind, createdAt: since(withinMs) });
    if (sameKind >= most) return false;
    return (await manager.countBy(Mail, { recipient: to, createdAt: since(DAY_MS) })) < MOST_A_DAY;
  }

  /** Adds a mail. Where this installation sends none, or not to such an address, there is nothing to add. */
  async add(manager: EntityManager, { kind, to, subject, text, usefulForMs }: NewMail): Promise<void> {
    if (this.environment.mail.kind === 'off' || !isMailable(to)) return;
    const id = newId();
    const now = await databaseNow(manager);
    await manager.insert(Mail, {
      id,
      kind,
      recipient: to,
      content: this.box.seal(placeOf(id), JSON.stringify({ subject: oneLine(subject, 150), text })),
      createdAt: now,
      uselessAt: usefulForMs === undefined ? null : new Date(now.getTime() + usefulForMs),
      dueAt: now,
      claims: 0,
      failures: 0,
      sentAt: null,
      givenUpAt: null,
      lastError: null,
    });
  }
}
