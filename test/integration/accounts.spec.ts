import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/auth/principal.js';
import { newId } from '../../src/database/new-id.js';
import type { Transactions } from '../../src/database/transactions.js';
import { insertAccount } from '../../src/users/new-account.js';
import { RefreshToken } from '../../src/users/refresh-token.entity.js';
import { leastIdAt, type RefreshTokenSweeper } from '../../src/users/refresh-token-sweeper.js';
import type { SessionsService } from '../../src/users/sessions.service.js';
import { User } from '../../src/users/user.entity.js';
import type { UsersService } from '../../src/users/users.service.js';
import { accountServices, type AccountServices } from '../support/account-services.js';
import { testDatabaseKind } from '../support/temporary-database.js';

let services: AccountServices;
let dataSource: DataSource;
let transactions: Transactions;
let sessions: SessionsService;
let users: UsersService;
let sweeper: RefreshTokenSweeper;
const makeFirstAdministrator = (): Promise<void> => services.firstAdministrator.onApplicationBootstrap();
const ROOT: Principal = { userId: newId(), role: 'admin' };

beforeAll(async () => {
  services = await accountServices({ ADMIN_EMAIL: 'root@example.org', ADMIN_PASSWORD: 'the first password' });
  ({ dataSource, transactions, sessions, users, sweeper } = services);
});
afterAll(() => services?.close());
beforeEach(() => transactions.run((manager) => manager.createQueryBuilder().delete().from(User).execute()));

const CLIENT = { address: '192.0.2.1', userAgent: 'tests' };
const account = (email = 'ada@example.org') => ({ email, password: 'correct horse', name: 'Ada' });

function makeUser(role: User['role'], email: string): Promise<User> {
  return transactions.run((manager) => insertAccount(manager, { email, name: email, passwordHash: null, role }));
}

async function codesOf(work: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(work);
  return results
    .map((one) => (one.status === 'fulfilled' ? 'done' : String((one.reason as { code?: unknown }).code)))
    .sort();
}

async function find(q: string): Promise<string[]> {
  return (await users.listUsers({ limit: 20, q })).items.map((one) => one.id);
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 24 * 3_600_000);
}

describe(`accounts on ${testDatabaseKind()}`, () => {
  it('are made once for an address, however many ask', async () => {
    const codes = await codesOf(Array.from({ length: 6 }, () => sessions.register(account(), CLIENT)));
    expect(codes).toEqual(['done', ...Array<string>(5).fill('email_taken')]);
    expect(await dataSource.getRepository(User).count()).toBe(1);
  });

  it('keep the time they were made to the millisecond', async () => {
    const { user } = await sessions.register(account(), CLIENT);
    const stored = await dataSource.getRepository(User).findOneByOrFail({ id: user.id });
    expect(stored.createdAt.toISOString()).toBe(user.createdAt.toISOString());
    expect(stored.disabled).toBe(false);
  });

  it('give one successor to all who refresh at once, who all may go on', async () => {
    const { refreshToken } = await sessions.register(account(), CLIENT);
    const all = await Promise.all(Array.from({ length: 10 }, () => sessions.refresh(refreshToken, CLIENT)));
    expect(new Set(all.map((one) => one.refreshToken)).size).toBe(1);
    expect(await dataSource.getRepository(RefreshToken).count()).toBe(2);
    await sessions.refresh(all[0]?.refreshToken ?? '', CLIENT);
  });

  it('end a family for good when a spent token returns while others refresh', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken } = await sessions.register(account(`round-${round}@example.org`), CLIENT);
      const next = await sessions.refresh(refreshToken, CLIENT);
      await transactions.run((manager) =>
        manager
          .createQueryBuilder()
          .update(RefreshToken)
          .set({ usedAt: new Date(Date.now() - 60_000) })
          .where('usedAt IS NOT NULL')
          .execute(),
      );
      await codesOf([
        sessions.refresh(next.refreshToken, CLIENT),
        sessions.refresh(refreshToken, CLIENT),
        sessions.refresh(next.refreshToken, CLIENT),
      ]);
      const living = await dataSource
        .getRepository(RefreshToken)
        .createQueryBuilder('token')
        .where('token.userId = :userId AND token.revokedAt IS NULL', { userId: next.user.id })
        .getCount();
      expect(living).toBe(0);
    }
  });

  it('leave no session behind when they are disabled while their users sign in and refresh', async () => {
    const { user, refreshToken } = await sessions.register(account(), CLIENT);
    await codesOf([
      sessions.login(account(), CLIENT),
      sessions.refresh(refreshToken, CLIENT),
      users.manage(ROOT, user.id, { disabled: true }, null),
      sessions.login(account(), CLIENT),
      sessions.refresh(refreshToken, CLIENT),
    ]);
    const living = dataSource.getRepository(RefreshToken).createQueryBuilder('token').where('token.revokedAt IS NULL');
    expect(await living.getCount()).toBe(0);
  });

  it('give a handful of looks to many who guess at once', async () => {
    await sessions.register(account(), CLIENT);
    const guess = (index: number) =>
      sessions.login({ ...account(), password: `guess ${index}` }, { address: `198.51.100.${index}`, userAgent: null });
    const codes = await codesOf(Array.from({ length: 40 }, (_, index) => guess(index)));
    const looks = codes.filter((code) => code === 'invalid_credentials').length;
    expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(40 - looks);
    expect(looks).toBeGreaterThanOrEqual(1);
    expect(looks).toBeLessThanOrEqual(7);
    await sessions.login(account(), CLIENT);
  });

  it('keep one administrator when two demote each other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = await Promise.all([
        makeUser('admin', `one-${round}@example.org`),
        makeUser('admin', `two-${round}@example.org`),
      ]);
      const codes = await codesOf([
        users.manage(ROOT, one.id, { role: 'student' }, null),
        users.manage(ROOT, two.id, { disabled: true }, null),
      ]);
      expect(codes).toEqual(['done', 'last_admin']);
      await transactions.run((manager) => manager.delete(User, [one.id, two.id]));
    }
  });

  it('get one first administrator when several processes start together', async () => {
    await Promise.all([1, 2, 3].map(makeFirstAdministrator));
    await makeFirstAdministrator();
    expect(await dataSource.getRepository(User).find({ select: { email: true, role: true } })).toEqual([
      { email: 'root@example.org', role: 'admin' },
    ]);
    await sessions.login({ email: 'root@example.org', password: 'the first password' }, CLIENT);
  });

  it('are found by the beginning of address or name, with no wildcards', async () => {
    const { id } = await makeUser('student', 'zoe_100%!@example.org');
    await makeUser('student', 'zoex100x!@example.org');
    expect(await find('ZOE_100%!')).toEqual([id]);
    expect(await find('%')).toEqual([]);
    expect(await find(`\\`)).toEqual([]);
    expect(await find('zoe')).toHaveLength(2);
  });

  it('lose only those refresh tokens that nobody can use any more', async () => {
    const { user } = await sessions.register(account(), CLIENT);
    await transactions.run(async (manager) => {
      for (const age of [29, 32, 400]) {
        const row = {
          familyId: newId(),
          userId: user.id,
          tokenHash: `hash-${age}`,
          usedAt: null,
          revokedAt: null,
          startedAt: null,
          ...CLIENT,
        };
        await manager.insert(RefreshToken, {
          ...row,
          id: leastIdAt(daysAgo(age).getTime()),
          createdAt: daysAgo(age),
          expiresAt: daysAgo(age - 30),
        });
      }
    });
    expect(await sweeper.sweep(Date.now())).toBe(2);
    expect(await sweeper.sweep(Date.now())).toBe(0);
    expect(await dataSource.getRepository(RefreshToken).count()).toBe(2);
  });
});
