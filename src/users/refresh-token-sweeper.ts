import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, type Repository } from 'typeorm';
import { Transactions } from '../database/transactions.js';
import { AccountTokens } from './account-tokens.js';
import { LoginAttempts } from './login-attempts.js';
import { RefreshToken } from './refresh-token.entity.js';

const SWEEP_MS = 3_600_000;
/** One day more than a token lives, so that clocks which differ do no harm. */
const KEPT_MS = 31 * 24 * 3_600_000;
const MOST_AT_ONCE = 1_000;

/** The least UUIDv7 of a point in time: ids sort by time, so the primary key serves as an index over the age. */
export function leastIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Deletes tokens that nobody can use any more, and failed sign-ins that count no more. */
@Injectable()
export class RefreshTokenSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RefreshTokenSweeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectRepository(RefreshToken) private readonly tokens: Repository<RefreshToken>,
    private readonly transactions: Transactions,
    private readonly attempts: LoginAttempts,
    private readonly mailed: AccountTokens,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      Promise.all([this.sweep(Date.now()), this.attempts.sweep(), this.mailed.sweep()]).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Old tokens and sign-ins could not be swept'),
      );
    }, SWEEP_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Deletes at most 1,000. @returns how many */
  async sweep(now: number): Promise<number> {
    const old = await this.tokens.find({
      select: { id: true },
      where: { id: LessThan(leastIdAt(now - KEPT_MS)) },
      take: MOST_AT_ONCE,
    });
    if (old.length > 0) {
      const ids = old.map((row) => row.id);
      await this.transactions.run((manager) => manager.delete(RefreshToken, ids));
    }
    return old.length;
  }
}
