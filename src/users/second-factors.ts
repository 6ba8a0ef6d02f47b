import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, LessThan, Not } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { SecretBox } from '../auth/secret-box.js';
import { databaseNow } from '../database/database-clock.js';
import { aboutUser } from './account-events.js';
import { hashOfCode, isTimeCode, plainCode, stepOf } from './one-time-codes.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { SecondFactor } from './second-factor.entity.js';

/** Where a secret is sealed for: its own account. */
export function secretPlaceOf(userId: string): string {
  return `second factor ${userId}`;
}

/** Takes codes of the second factor, each once. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly box: SecretBox,
    private readonly audit: AuditLog,
  ) {}

  isOn(manager: EntityManager, userId: string): Promise<boolean> {
    return manager.existsBy(SecondFactor, { userId, confirmedAt: Not(IsNull()) });
  }

  /** Spends a code of the program or a recovery code; false where it is neither, or was used. The user's row is locked. */
  async take(manager: EntityManager, userId: string, sent: string): Promise<boolean> {
    const code = plainCode(sent);
    if (isTimeCode(code)) return this.takeTimeCode(manager, userId, code);
    const { affected } = await manager.delete(RecoveryCode, { userId, codeHash: hashOfCode(code) });
    if (affected !== 1) return false;
    await this.audit.record(manager, aboutUser('user.recovery_code_used', userId));
    return true;
  }

  /** As {@link take}, for the program's codes alone, confirmed or not. */
  async takeTimeCode(manager: EntityManager, userId: string, code: string): Promise<boolean> {
    const factor = await manager.findOneBy(SecondFactor, { userId });
    const secret = factor === null ? null : this.box.open(secretPlaceOf(userId), factor.secret);
    if (factor === null || secret === null) return false;
    const step = stepOf(secret, code, await databaseNow(manager), factor.lastStep);
    if (step === null) return false;
    const sealed = this.box.isOutdated(factor.secret) ? { secret: this.box.seal(secretPlaceOf(userId), secret) } : {};
    const taken = await manager.update(
      SecondFactor,
      { userId, lastStep: LessThan(step) },
      { lastStep: step, ...sealed },
    );
    return taken.affected === 1;
  }

  /** Switches it off. @returns false where it was not on */
  async remove(manager: EntityManager, userId: string): Promise<boolean> {
    await manager.delete(RecoveryCode, { userId });
    return ((await manager.delete(SecondFactor, { userId })).affected ?? 0) > 0;
  }
}
