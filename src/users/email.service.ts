import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import { updateVersioned } from '../http/entity-tag.js';
import { AccountDirectory } from './account-directory.js';
import { aboutUser } from './account-events.js';
import { AccountMails } from './account-mails.js';
import { AccountTokens, invalidToken } from './account-tokens.js';
import type { ChangeEmailDto } from './dto/change-email.dto.js';
import { emailTaken } from './email-taken.js';
import { lockUser } from './lock-user.js';
import { OwnPassword } from './own-password.js';
import { User } from './user.entity.js';

const HOUR_MS = 3_600_000;
const LIFETIME_MS = 24 * HOUR_MS;

/** Whose an e-mail address is, and how an account gets another one. */
@Injectable()
export class EmailService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly transactions: Transactions,
    private readonly tokens: AccountTokens,
    private readonly mails: AccountMails,
    private readonly password: OwnPassword,
    private readonly directory: AccountDirectory,
    private readonly audit: AuditLog,
  ) {}

  /** Mails a link that shows that the address is theirs. @throws DomainError `conflict` (`email_verified`), `limit_exceeded` */
  async askForVerification(userId: string): Promise<void> {
    this.mails.requireMail();
    await this.transactions.run(async (manager) => {
      const user = await lockUser(manager, userId);
      if (user === null) throw DomainError.notFound('user');
      if (user.emailVerifiedAt !== null) {
        throw new DomainError('conflict', 'email_verified', 'Your e-mail address is confirmed already.');
      }
      await this.mails.requireMayMail(manager, 'email_verification', user.email);
      await this.mailVerification(manager, user);
    });
  }

  /** In the transaction that makes the account. */
  async mailVerification(manager: EntityManager, { id, email }: User): Promise<void> {
    const kind = 'email_verification';
    const token = await this.tokens.issue(manager, { userId: id, kind, email, lifetimeMs: LIFETIME_MS });
    await this.mails.emailVerification(manager, email, token, LIFETIME_MS);
  }

  /** @throws DomainError `invalid` (`token_invalid`) */
  async verify(token: string): Promise<void> {
    const found = await this.tokens.find(this.users.manager, 'email_verification', token);
    if (found === null) throw invalidToken();
    await this.transactions.run(async (manager) => {
      const user = await lockUser(manager, found.userId);
      if (user === null || user.disabled || user.email !== found.email) throw invalidToken();
      await this.tokens.spend(manager, found);
      await updateVersioned(manager, User, user, { emailVerifiedAt: await databaseNow(manager) });
      await this.audit.record(manager, aboutUser('user.email_verified', user.id));
    });
    this.directory.forget(found.userId);
  }

  /** Mails a link to the new address, and news to the present one. Whether somebody has the new one shows when it is opened. */
  async askForChange(userId: string, { email, currentPassword }: ChangeEmailDto, client: Client): Promise<void> {
    this.mails.requireMail();
    const owner = await this.password.require(userId, currentPassword, client);
    await this.transactions.run(async (manager) => {
      const user = await lockUser(manager, userId);
      if (user === null) throw DomainError.notFound('user');
      await this.password.accept(manager, owner);
      await this.mails.requireMayMail(manager, 'email_change', email);
      await this.tokens.revoke(manager, userId, 'email_change');
      const token = await this.tokens.issue(manager, { userId, kind: 'email_change', email, lifetimeMs: HOUR_MS });
      await this.mails.emailChange(manager, { from: user.email, to: email }, token, HOUR_MS);
      await this.audit.record(manager, aboutUser('user.email_change_requested', userId));
    });
  }

  /** @throws DomainError `invalid` (`token_invalid`), `conflict` (`email_taken`) */
  async change(token: string): Promise<void> {
    const found = await this.tokens.find(this.users.manager, 'email_change', token);
    if (found === null) throw invalidToken();
    try {
      await this.transactions.run(async (manager) => {
        const user = await lockUser(manager, found.userId);
        if (user === null || user.disabled) throw invalidToken();
        await this.tokens.spend(manager, found);
        // What was mailed to the old address does not speak for the new one.
        await this.tokens.revoke(manager, user.id, 'password_reset');
        await this.tokens.revoke(manager, user.id, 'email_verification');
        const emailVerifiedAt = await databaseNow(manager);
        await updateVersioned(manager, User, user, { email: found.email, emailVerifiedAt });
        await this.audit.record(manager, aboutUser('user.email_changed', user.id));
      });
    } catch (error) {
      throw isUniqueViolation(error) ? emailTaken() : error;
    }
    this.directory.forget(found.userId);
  }
}
