import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { Environment } from '../config/env.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { updateVersioned } from '../http/entity-tag.js';
import { normaliseEmail } from './email-address.js';
import { insertAccount } from './new-account.js';
import { PasswordHasher } from './password-hasher.js';
import { RefreshTokens } from './refresh-tokens.js';
import { User } from './user.entity.js';

/** Makes the first administrator at the start, when `ADMIN_EMAIL` is set and there is none. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  private readonly logger = new Logger(FirstAdministrator.name);

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly environment: Environment,
    private readonly transactions: Transactions,
    private readonly passwords: PasswordHasher,
    private readonly refreshTokens: RefreshTokens,
    private readonly audit: AuditLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { adminEmail, adminPassword } = this.environment;
    if (adminEmail === null || adminPassword === null) return;
    if (await this.users.existsBy({ role: 'admin' })) return;
    const email = normaliseEmail(adminEmail);
    const passwordHash = await this.passwords.hash(adminPassword);
    const isMade = await this.makeUnlessThere(email, passwordHash);
    if (isMade) this.logger.log('Made the first administrator from ADMIN_EMAIL');
  }

  private async makeUnlessThere(email: string, passwordHash: string): Promise<boolean> {
    try {
      return await this.transactions.run((manager) => this.make(manager, email, passwordHash));
    } catch (error) {
      // Another process that starts at the same time made the account first.
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  private async make(manager: EntityManager, email: string, passwordHash: string): Promise<boolean> {
    const account = await manager.findOne(User, { where: { email }, ...rowLock(manager) });
    if (await manager.existsBy(User, { role: 'admin' })) return false;
    if (account === null) {
      // Whoever sets ADMIN_EMAIL says whose it is.
      const name = 'Administrator';
      const made = await insertAccount(manager, { email, name, passwordHash, role: 'admin', isEmailVerified: true });
      await this.note(manager, made.id);
      return true;
    }
    // Whoever registered with this address need not be the operator: the password of ADMIN_PASSWORD counts from now on,
    // and nobody stays signed in.
    await updateVersioned(manager, User, account, {
      role: 'admin',
      disabled: false,
      passwordHash,
      tokenVersion: account.tokenVersion + 1,
      emailVerifiedAt: account.emailVerifiedAt ?? (await databaseNow(manager)),
    });
    await this.refreshTokens.revokeAllOf(manager, account.id);
    await this.note(manager, account.id);
    return true;
  }

  /** Nobody did it but the operator's setting. */
  private note(manager: EntityManager, id: string): Promise<void> {
    return this.audit.record(manager, {
      actorId: id,
      action: 'user.made_administrator',
      targetType: 'user',
      targetId: id,
      courseId: null,
      detail: { setting: 'ADMIN_EMAIL' },
    });
  }
}
