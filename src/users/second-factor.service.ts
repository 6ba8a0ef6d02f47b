import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { SecretBox } from '../auth/secret-box.js';
import { databaseNow } from '../database/database-clock.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import { aboutUser } from './account-events.js';
import { AccountMails } from './account-mails.js';
import type { NewSecondFactorDto } from './dto/new-second-factor.dto.js';
import type { RecoveryCodesDto } from './dto/recovery-codes.dto.js';
import type { SecondFactorDto } from './dto/second-factor.dto.js';
import type { SecondFactorProofDto } from './dto/second-factor-proof.dto.js';
import { lockUser } from './lock-user.js';
import { LoginAttempts } from './login-attempts.js';
import { hashOfCode, newRecoveryCodes, newSecret, plainCode, uriOf } from './one-time-codes.js';
import { OwnPassword } from './own-password.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { SecondFactor } from './second-factor.entity.js';
import { SecondFactors, secretPlaceOf } from './second-factors.js';
import { User } from './user.entity.js';

/** Switching the second factor on and off. */
@Injectable()
export class SecondFactorService {
  constructor(
    @InjectRepository(SecondFactor) private readonly rows: Repository<SecondFactor>,
    private readonly transactions: Transactions,
    private readonly factors: SecondFactors,
    private readonly box: SecretBox,
    private readonly password: OwnPassword,
    private readonly attempts: LoginAttempts,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
  ) {}

  async show(userId: string): Promise<SecondFactorDto> {
    const since = (await this.rows.findOneBy({ userId }))?.confirmedAt ?? null;
    const recoveryCodesLeft = since === null ? 0 : await this.rows.manager.countBy(RecoveryCode, { userId });
    return { enabled: since !== null, since, recoveryCodesLeft };
  }

  /** Makes a secret, which counts once it is confirmed. @throws DomainError `conflict` (`second_factor_on`) */
  async begin(userId: string, currentPassword: string, client: Client): Promise<NewSecondFactorDto> {
    const owner = await this.password.require(userId, currentPassword, client);
    const secret = newSecret();
    return this.transactions.run(async (manager) => {
      const user = await existing(manager, userId);
      await this.password.accept(manager, owner);
      if (await this.factors.isOn(manager, userId)) {
        throw new DomainError('conflict', 'second_factor_on', 'The second factor is on already: switch it off first.');
      }
      await this.factors.remove(manager, userId);
      await manager.insert(SecondFactor, {
        userId,
        secret: this.box.seal(secretPlaceOf(userId), secret),
        createdAt: await databaseNow(manager),
        confirmedAt: null,
        lastStep: 0,
      });
      return { secret, uri: uriOf(secret, user.email) };
    });
  }

  /** Switches it on, for whoever has shown a code of the new secret. @throws DomainError `invalid` (`code_wrong`) */
  async confirm(userId: string, code: string, client: Client): Promise<RecoveryCodesDto> {
    const known = await existing(this.rows.manager, userId, false);
    const attempt = await this.attempts.begin(known.email, userId, client);
    return this.transactions.run(async (manager) => {
      const user = await existing(manager, userId);
      if (await this.factors.isOn(manager, userId)) {
        throw new DomainError('conflict', 'second_factor_on', 'The second factor is on already.');
      }
      if (!(await manager.existsBy(SecondFactor, { userId }))) {
        throw new DomainError('conflict', 'second_factor_not_begun', 'There is no new secret: ask for one first.');
      }
      if (!(await this.factors.takeTimeCode(manager, userId, plainCode(code)))) throw wrongCode();
      await this.attempts.succeeded(manager, attempt);
      await manager.update(SecondFactor, { userId }, { confirmedAt: await databaseNow(manager) });
      const recoveryCodes = await this.replaceCodes(manager, userId);
      await this.tell(manager, user, 'user.second_factor_on', 'A second factor was switched on for your account.');
      return { recoveryCodes };
    });
  }

  async renewCodes(userId: string, proof: SecondFactorProofDto, client: Client): Promise<RecoveryCodesDto> {
    return this.proved(userId, proof, client, async (manager, user) => {
      const recoveryCodes = await this.replaceCodes(manager, userId);
      const what = 'New recovery codes were made for your account; those of before do not work any more.';
      await this.tell(manager, user, 'user.recovery_codes_made', what);
      return { recoveryCodes };
    });
  }

  async disable(userId: string, proof: SecondFactorProofDto, client: Client): Promise<void> {
    await this.proved(userId, proof, client, async (manager, user) => {
      await this.factors.remove(manager, userId);
      await this.tell(manager, user, 'user.second_factor_off', 'The second factor of your account was switched off.');
    });
  }

  /** For administrators: somebody has lost telephone and recovery codes. @throws DomainError `not_found` */
  async reset(asker: Principal, userId: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      const user = await existing(manager, userId);
      if (!(await this.factors.remove(manager, userId))) throw DomainError.notFound('second factor');
      const what = 'An administrator switched the second factor of your account off.';
      await this.tell(manager, user, 'user.second_factor_reset', what, asker.userId);
    });
  }

  /** Does something for whoever knows the password and has a code. @throws DomainError `invalid` */
  private async proved<T>(
    userId: string,
    { currentPassword, code }: SecondFactorProofDto,
    client: Client,
    work: (manager: EntityManager, user: User) => Promise<T>,
  ): Promise<T> {
    const owner = await this.password.require(userId, currentPassword, client);
    return this.transactions.run(async (manager) => {
      const user = await existing(manager, userId);
      if (!(await this.factors.isOn(manager, userId))) {
        throw new DomainError('conflict', 'second_factor_off', 'The second factor is not on.');
      }
      if (!(await this.factors.take(manager, userId, code))) throw wrongCode();
      await this.password.accept(manager, owner);
      return work(manager, user);
    });
  }

  private async replaceCodes(manager: EntityManager, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await manager.delete(RecoveryCode, { userId });
    await manager.insert(
      RecoveryCode,
      codes.map((code) => ({ id: newId(), userId, codeHash: hashOfCode(code) })),
    );
    return [...codes];
  }

  private async tell(
    manager: EntityManager,
    { id, email }: User,
    action: string,
    what: string,
    actorId = id,
  ): Promise<void> {
    await this.mails.news(manager, email, 'Signing in to your account', what);
    await this.audit.record(manager, aboutUser(action, id, { actorId }));
  }
}

async function existing(manager: EntityManager, userId: string, isLocked = true): Promise<User> {
  const user = isLocked ? await lockUser(manager, userId) : await manager.findOneBy(User, { id: userId });
  if (user === null) throw DomainError.notFound('user');
  return user;
}

function wrongCode(): DomainError {
  const message = 'is not right, or was used already: wait for the next one';
  return DomainError.invalid([{ path: '/code', message }], 'code_wrong');
}
