import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { PersonalTokens } from '../auth/personal-tokens.js';
import type { Principal } from '../auth/principal.js';
import { TOKEN_SCOPES, type TokenScope } from '../auth/token-scopes.js';
import { Transactions } from '../database/transactions.js';
import { AccountDirectory } from './account-directory.js';
import { PersonalAccessToken } from './personal-access-token.entity.js';
import { isPersonalToken } from './personal-token-text.js';

const KEPT_MS = 1_000;
const MOST_KEPT = 10_000;
/** How exact `lastUsedAt` is: a token that is used all the time costs one write a minute. */
const LAST_USE_MS = 60_000;

type Known = Pick<PersonalAccessToken, 'id' | 'userId' | 'scopes' | 'expiresAt' | 'lastUsedAt'>;

interface Entry {
  readonly until: number;
  readonly token: Promise<Known | null>;
}

/** SHA-256 is enough: what is hashed has 256 random bits. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Recognises personal access tokens, reading each at most once a second, and notes when they were last used. */
@Injectable()
export class PersonalAccessTokens extends PersonalTokens {
  private readonly logger = new Logger(PersonalAccessTokens.name);
  private readonly entries = new Map<string, Entry>();
  /** By id: when the use was last noted. */
  private readonly notedAt = new Map<string, number>();

  constructor(
    @InjectRepository(PersonalAccessToken) private readonly tokens: Repository<PersonalAccessToken>,
    private readonly accounts: AccountDirectory,
    private readonly transactions: Transactions,
  ) {
    super();
  }

  override async find(token: string): Promise<Principal | null> {
    // Most of what is tried is no token at all, and costs no statement.
    if (!isPersonalToken(token)) return null;
    const known = await this.known(hashOfToken(token));
    if (known === null || known.expiresAt.getTime() <= Date.now()) return null;
    const account = await this.accounts.find(known.userId);
    if (account === null) return null;
    this.noteUse(known);
    const { role, mustVerifyEmail } = account;
    const scopes = scopesOf(known);
    return { userId: known.userId, role, scopes, ...(mustVerifyEmail === true ? { mustVerifyEmail } : {}) };
  }

  /** To be called after tokens were revoked: this process refuses them at once, others within a second. */
  forgetAll(): void {
    this.entries.clear();
  }

  private known(tokenHash: string): Promise<Known | null> {
    const now = performance.now();
    const entry = this.entries.get(tokenHash);
    if (entry !== undefined && entry.until > now) return entry.token;
    const token = this.tokens.findOne({
      select: { id: true, userId: true, scopes: true, expiresAt: true, lastUsedAt: true },
      where: { tokenHash },
    });
    this.keep(tokenHash, { until: now + KEPT_MS, token });
    token.catch(() => this.entries.delete(tokenHash));
    return token;
  }

  private keep(tokenHash: string, entry: Entry): void {
    this.entries.delete(tokenHash);
    this.entries.set(tokenHash, entry);
    if (this.entries.size <= MOST_KEPT) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  private noteUse({ id, lastUsedAt }: Known): void {
    const now = Date.now();
    const noted = this.notedAt.get(id) ?? lastUsedAt?.getTime() ?? 0;
    if (now - noted < LAST_USE_MS) return;
    if (this.notedAt.size >= MOST_KEPT) this.notedAt.clear();
    this.notedAt.set(id, now);
    // The request need not wait for it, nor fail with it.
    this.transactions
      .run((manager) => manager.update(PersonalAccessToken, { id }, { lastUsedAt: new Date(now) }))
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'The use of a personal access token could not be noted'),
      );
  }
}

/** The scopes of a stored token; a word that a later version knew opens nothing. */
export function scopesOf({ scopes }: Pick<PersonalAccessToken, 'scopes'>): readonly TokenScope[] {
  const words = new Set(scopes.split(' '));
  return TOKEN_SCOPES.filter((scope) => words.has(scope));
}
