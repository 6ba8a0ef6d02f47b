import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseNow } from '../../src/database/database-clock.js';
import { newId } from '../../src/database/new-id.js';
import { Mail } from '../../src/mail/mail.entity.js';
import { LoginAttemptRow } from '../../src/users/login-attempts.entity.js';
import { RecoveryCode } from '../../src/users/recovery-code.entity.js';
import { SecondFactor } from '../../src/users/second-factor.entity.js';
import { User } from '../../src/users/user.entity.js';
import { accountServices, type AccountServices } from '../support/account-services.js';
import { testDatabaseKind } from '../support/temporary-database.js';

let services: AccountServices;

beforeAll(async () => {
  services = await accountServices();
});
afterAll(() => services?.close());
beforeEach(() =>
  services.transactions.run(async (manager) => {
    for (const entity of [User, LoginAttemptRow, Mail]) {
      await manager.createQueryBuilder().delete().from(entity).execute();
    }
  }),
);

const CLIENT = { address: '192.0.2.1', userAgent: 'tests' };
const PASSWORD = 'correct horse';
const login = (code?: string) =>
  services.sessions.login(
    { email: 'ada@example.org', password: PASSWORD, ...(code === undefined ? {} : { code }) },
    CLIENT,
  );

/** The code that a program shows, `later` steps from now by the database's clock. */
async function codeOf(secret: string, later = 0): Promise<string> {
  const now = await databaseNow(services.dataSource.manager);
  return new TOTP({ secret }).generate({ timestamp: now.getTime() + later * 30_000 });
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => String((error as { code?: unknown }).code),
  );
}

/** Nothing was used yet, as a minute ago. */
const forgetUse = (): Promise<unknown> =>
  services.transactions.run((manager) =>
    manager.createQueryBuilder().update(SecondFactor).set({ lastStep: 0 }).execute(),
  );

async function withFactor(): Promise<{ userId: string; secret: string; recoveryCodes: readonly string[] }> {
  const { user } = await services.sessions.register(
    { email: 'ada@example.org', password: PASSWORD, name: 'Ada' },
    CLIENT,
  );
  const { secret } = await services.secondFactor.begin(user.id, PASSWORD, CLIENT);
  const { recoveryCodes } = await services.secondFactor.confirm(user.id, await codeOf(secret), CLIENT);
  await forgetUse();
  return { userId: user.id, secret, recoveryCodes };
}

describe(`a second factor on ${testDatabaseKind()}`, () => {
  it('is asked for once it is confirmed, and not before', async () => {
    const { user } = await services.sessions.register(
      { email: 'ada@example.org', password: PASSWORD, name: 'Ada' },
      CLIENT,
    );
    expect(await errorOf(services.secondFactor.begin(user.id, 'not the password', CLIENT))).toBe(
      'current_password_wrong',
    );
    expect(await errorOf(services.secondFactor.confirm(user.id, '000000', CLIENT))).toBe('second_factor_not_begun');
    const { secret, uri } = await services.secondFactor.begin(user.id, PASSWORD, CLIENT);
    expect(uri).toContain(secret);
    await login();
    expect(await errorOf(services.secondFactor.confirm(user.id, '000000', CLIENT))).toBe('code_wrong');
    await services.secondFactor.confirm(user.id, await codeOf(secret), CLIENT);
    expect(await services.secondFactor.show(user.id)).toMatchObject({ enabled: true, recoveryCodesLeft: 10 });
    expect(await errorOf(login())).toBe('second_factor_required');
    expect(await errorOf(services.secondFactor.begin(user.id, PASSWORD, CLIENT))).toBe('second_factor_on');
    // The code that confirmed it is used up.
    expect(await errorOf(login(await codeOf(secret)))).toBe('second_factor_wrong');
  });

  it('lets one in of many who send the same code at once', async () => {
    const { secret } = await withFactor();
    const code = await codeOf(secret);
    const results = await Promise.all(Array.from({ length: 4 }, () => errorOf(login(code))));
    expect(results.filter((one) => one === 'done')).toHaveLength(1);
    expect(await errorOf(login(await codeOf(secret, -1)))).not.toBe('done');
  });

  it('takes each recovery code once', async () => {
    const { userId, recoveryCodes } = await withFactor();
    const [code = ''] = recoveryCodes;
    const results = await Promise.all([login(code), login(code.toUpperCase())].map(errorOf));
    expect(results.toSorted()).toEqual(['done', 'second_factor_wrong']);
    expect(await services.secondFactor.show(userId)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('counts wrong codes as failed sign-ins, with the right password too', async () => {
    await withFactor();
    const results: string[] = [];
    for (let round = 0; round < 8; round += 1) results.push(await errorOf(login('000000')));
    expect(results.slice(0, 5)).toEqual(Array<string>(5).fill('second_factor_wrong'));
    expect(results).toContain('too_many_attempts');
  });

  it('is switched off, and its codes renewed, by whoever has password and code', async () => {
    const { userId, secret, recoveryCodes } = await withFactor();
    const [first = '', second = ''] = recoveryCodes;
    const off = (currentPassword: string, code: string) =>
      errorOf(services.secondFactor.disable(userId, { currentPassword, code }, CLIENT));
    expect(await off('not the password', await codeOf(secret))).toBe('current_password_wrong');
    expect(await off(PASSWORD, '000000')).toBe('code_wrong');
    const renewed = await services.secondFactor.renewCodes(userId, { currentPassword: PASSWORD, code: first }, CLIENT);
    expect(await errorOf(login(second))).toBe('second_factor_wrong');
    await login(renewed.recoveryCodes[0]);
    expect(await off(PASSWORD, await codeOf(secret))).toBe('done');
    await login();
    expect(await services.dataSource.getRepository(RecoveryCode).count()).toBe(0);
    expect((await services.mailsTo('ada@example.org')).at(-1)).toContain('switched off');
  });

  it('is switched off by an administrator for who has lost it, and stays with a new password', async () => {
    const { userId } = await withFactor();
    services.resets.forgot('ada@example.org');
    await services.later.onApplicationShutdown();
    const [token = ''] = await services.tokensMailedTo('ada@example.org');
    await services.resets.reset({ token, password: PASSWORD }, CLIENT);
    expect(await errorOf(login())).toBe('second_factor_required');
    const admin = { userId: newId(), role: 'admin' } as const;
    await services.secondFactor.reset(admin, userId);
    await login();
    expect(await errorOf(services.secondFactor.reset(admin, userId))).toBe('not_found');
  });

  it('keeps neither secret nor codes legible', async () => {
    const { secret, recoveryCodes } = await withFactor();
    const rows = await Promise.all(
      [SecondFactor, RecoveryCode].map((entity) => services.dataSource.getRepository(entity).find()),
    );
    for (const text of [secret, ...recoveryCodes]) expect(JSON.stringify(rows)).not.toContain(text);
  });
});
