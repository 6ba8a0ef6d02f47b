import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { databaseNow } from '../database/database-clock.js';
import { Transactions } from '../database/transactions.js';
import type { Client } from '../http/client.decorator.js';
import { updateVersioned } from '../http/entity-tag.js';
import { AccountDirectory } from './account-directory.js';
import { AccountMails } from './account-mails.js';
import { aboutUser } from './account-events.js';
import { AccountTokens, invalidToken } from './account-tokens.js';
import { AfterAnswer } from './after-answer.js';
import type { ResetPasswordDto } from './dto/reset-password.dto.js';
import { lockUser } from './lock-user.js';
import { LoginAttempts } from './login-attempts.js';
import { PasswordHasher } from './password-hasher.js';
import { refuseGuessablePassword } from './password-rules.js';
import { RefreshTokens } from './refresh-tokens.js';
import { User } from './user.entity.js';

const LIFETIME_MS = 30 * 60_000;

/** A new password for whoever can read the mails of an account. */
@Injectable()
export class PasswordResetService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly transactions: Transactions,
    private readonly later: AfterAnswer,
    private readonly tokens: AccountTokens,
    private readonly mails: AccountMails,
    private readonly passwords: PasswordHasher,
    private readonly attempts: LoginAttempts,
    private readonly refreshTokens: RefreshTokens,
    private readonly directory: AccountDirectory,
    private readonly audit: AuditLog,
  ) {}

  /** Returns before anything has been looked up: the same for an address that has an account and for one that has none. */
  forgot(email: string): void {
    this.mails.requireMail();
    this.later.do(() => this.transactions.run((manager) => this.mailLink(manager, email)));
  }

  /** @throws DomainError `invalid`: `token_invalid`, or `validation_failed` for a password that would be guessed */
  async reset({ token, password }: ResetPasswordDto, client: Client): Promise<void> {
    const { manager: reader } = this.users;
    const found = await this.tokens.find(reader, 'password_reset', token);
    const owner = found === null ? null : await this.users.findOneBy({ id: found.userId });
    if (found === null || owner === null) throw invalidToken();
    refuseGuessablePassword(password, owner.email);
    const passwordHash = await this.passwords.hash(password);
    await this.transactions.run(async (manager) => {
      const user = await lockUser(manager, owner.id);
      if (user === null || user.disabled || user.email !== found.email) throw invalidToken();
      await this.tokens.spend(manager, found);
      await updateVersioned(manager, User, user, {
        passwordHash,
        tokenVersion: user.tokenVersion + 1,
        // The mail was read.
        emailVerifiedAt: user.emailVerifiedAt ?? (await databaseNow(manager)),
      });
      await this.refreshTokens.revokeAllOf(manager, user.id);
      await this.attempts.forget(manager, user.email, client);
      await this.mails.news(
        manager,
        user.email,
        'Your password was changed',
        'A new password was chosen for your account, by a link that was sent to this address. All sessions have ended.',
      );
      await this.audit.record(manager, aboutUser('user.password_reset', user.id));
    });
    this.directory.forget(owner.id);
  }

  private async mailLink(manager: EntityManager, email: string): Promise<void> {
    const known = await manager.findOneBy(User, { email });
    // Locked, so that two requests at once are not both the last that is allowed.
    const user = known === null ? null : await lockUser(manager, known.id);
    if (user === null || user.disabled || user.email !== email) return;
    if (!(await this.mails.mayMail(manager, 'password_reset', email))) return;
    const token = await this.tokens.issue(manager, {
      userId: user.id,
      kind: 'password_reset',
      email,
      lifetimeMs: LIFETIME_MS,
    });
    await this.mails.passwordReset(manager, email, token, LIFETIME_MS);
    await this.audit.record(manager, aboutUser('user.password_reset_requested', user.id));
  }
}
