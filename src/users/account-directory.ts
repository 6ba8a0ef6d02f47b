import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type AccountState, AccountStatus } from '../auth/account-status.js';
import { Environment } from '../config/env.js';
import { User } from './user.entity.js';

const KEPT_MS = 1_000;
const MOST_KEPT = 10_000;

interface Entry {
  readonly until: number;
  readonly state: Promise<AccountState | null>;
}

/** Tells `auth` how accounts stand, reading each at most once a second. */
@Injectable()
export class AccountDirectory extends AccountStatus {
  private readonly entries = new Map<string, Entry>();

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly environment: Environment,
  ) {
    super();
  }

  override find(userId: string): Promise<AccountState | null> {
    const now = performance.now();
    const known = this.entries.get(userId);
    if (known !== undefined && known.until > now) return known.state;
    const state = this.read(userId);
    this.keep(userId, { until: now + KEPT_MS, state });
    // A failed read must not be given to others for a second.
    state.catch(() => this.forget(userId));
    return state;
  }

  /** To be called after an account has changed: this process sees it at once, others within a second. */
  forget(userId: string): void {
    this.entries.delete(userId);
  }

  private async read(userId: string): Promise<AccountState | null> {
    const user = await this.users.findOne({
      select: { id: true, role: true, disabled: true, tokenVersion: true, emailVerifiedAt: true },
      where: { id: userId },
    });
    if (user === null || user.disabled) return null;
    const mustVerifyEmail = this.environment.emailVerification === 'required' && user.emailVerifiedAt === null;
    return { role: user.role, tokenVersion: user.tokenVersion, ...(mustVerifyEmail ? { mustVerifyEmail } : {}) };
  }

  private keep(userId: string, entry: Entry): void {
    // Insertion order is age: whatever was read first is the first to go.
    this.entries.delete(userId);
    this.entries.set(userId, entry);
    if (this.entries.size <= MOST_KEPT) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
