import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { Environment } from '../config/env.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import type { LoginDto } from './dto/login.dto.js';
import type { RegisterDto } from './dto/register.dto.js';
import type { SessionDto } from './dto/session.dto.js';
import { EmailService } from './email.service.js';
import { emailTaken } from './email-taken.js';
import { LoginAttempts } from './login-attempts.js';
import { lockUser } from './lock-user.js';
import { insertAccount } from './new-account.js';
import { isOutdated, PasswordHasher } from './password-hasher.js';
import { refuseGuessablePassword } from './password-rules.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SecondFactors } from './second-factors.js';
import { SessionIssuer } from './session-issuer.js';
import { User } from './user.entity.js';

/** Signing up, in, on and out. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly environment: Environment,
    private readonly transactions: Transactions,
    private readonly passwords: PasswordHasher,
    private readonly issuer: SessionIssuer,
    private readonly refreshTokens: RefreshTokens,
    private readonly attempts: LoginAttempts,
    private readonly emails: EmailService,
    private readonly factors: SecondFactors,
    private readonly audit: AuditLog,
  ) {}

  async register({ email, password, name }: RegisterDto, client: Client): Promise<SessionDto> {
    if (this.environment.registration !== 'open') {
      throw new DomainError(
        'forbidden',
        'registration_closed',
        'Nobody can register here by themselves: ask an administrator for an account.',
      );
    }
    refuseGuessablePassword(password, email);
    // Asked before the hash is made, which costs far more; the unique index decides.
    if (await this.users.existsBy({ email })) throw emailTaken();
    const passwordHash = await this.passwords.hash(password);
    try {
      return await this.transactions.run(async (manager) => {
        const user = await insertAccount(manager, { email, name, passwordHash, role: 'student' });
        if (this.environment.emailVerification !== 'off') await this.emails.mailVerification(manager, user);
        const session = await this.issuer.begin(manager, user, client);
        await this.audit.record(manager, {
          actorId: user.id,
          action: 'user.registered',
          targetType: 'user',
          targetId: user.id,
          courseId: null,
          detail: null,
        });
        return session;
      });
    } catch (error) {
      throw isUniqueViolation(error) ? emailTaken() : error;
    }
  }

  async login({ email, password, code }: LoginDto, client: Client): Promise<SessionDto> {
    const found = await this.users.findOneBy({ email });
    const attempt = await this.attempts.begin(email, found?.id ?? null, client);
    const passwordHash = found?.passwordHash ?? null;
    const matches = await this.passwords.matches(passwordHash, password);
    if (found === null || passwordHash === null || !matches) throw wrongCredentials();
    const betterHash = isOutdated(passwordHash) ? await this.passwords.hash(password) : null;
    const session = await this.transactions.run(async (manager) => {
      const user = await lockUser(manager, found.id);
      if (user === null) throw wrongCredentials();
      // The password was changed since it was checked. (A mere rehash leaves the version as it is.)
      if (user.passwordHash !== passwordHash && user.tokenVersion !== found.tokenVersion) throw wrongCredentials();
      if (user.disabled) {
        throw new DomainError('forbidden', 'account_disabled', 'This account is disabled: ask an administrator.');
      }
      if (await this.factors.isOn(manager, user.id)) await this.requireCode(manager, user.id, code);
      await this.attempts.succeeded(manager, attempt);
      if (betterHash !== null) await manager.update(User, { id: user.id, passwordHash }, { passwordHash: betterHash });
      return this.issuer.begin(manager, user, client);
    });
    // Refusals are logged where they are answered.
    this.logger.log({ userId: found.id, address: client.address }, 'Signed in');
    return session;
  }

  private async requireCode(manager: EntityManager, userId: string, code: string | undefined): Promise<void> {
    if (code === undefined) {
      throw new DomainError(
        'unauthenticated',
        'second_factor_required',
        'This account has a second factor: send the same once more, with "code".',
      );
    }
    if (await this.factors.take(manager, userId, code)) return;
    throw new DomainError(
      'unauthenticated',
      'second_factor_wrong',
      'The code is not right, or was used already: wait for the next one.',
    );
  }

  async refresh(refreshToken: string, client: Client): Promise<SessionDto> {
    const rotation = await this.transactions.run((manager) => this.refreshTokens.rotate(manager, refreshToken, client));
    switch (rotation.kind) {
      case 'rotated':
        return this.issuer.sessionOf(rotation.user, rotation.successor, rotation.sessionId);
      case 'refused':
        throw new DomainError(
          'unauthenticated',
          'refresh_token_invalid',
          'The refresh token is not valid, or not any more: sign in again.',
        );
      case 'reused':
        throw new DomainError(
          'unauthenticated',
          'refresh_token_reused',
          'The refresh token was used before, so all that followed from this sign-in has ended: sign in again.',
        );
    }
  }

  async logout(refreshToken: string): Promise<void> {
    await this.transactions.run((manager) => this.refreshTokens.revokeFamilyOf(manager, refreshToken));
  }
}

/** The same for an unknown address and a wrong password. */
function wrongCredentials(): DomainError {
  return new DomainError('unauthenticated', 'invalid_credentials', 'The e-mail address or the password is wrong.');
}
