import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { newId } from '../../src/database/new-id.js';
import { Mail } from '../../src/mail/mail.entity.js';
import { AccountToken } from '../../src/users/account-token.entity.js';
import { RefreshToken } from '../../src/users/refresh-token.entity.js';
import { User } from '../../src/users/user.entity.js';
import { accountServices, type AccountServices } from '../support/account-services.js';
import { testDatabaseKind } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';

let services: AccountServices;

beforeAll(async () => {
  services = await accountServices();
});
afterAll(() => services?.close());
beforeEach(() =>
  services.transactions.run(async (manager) => {
    for (const entity of [User, Mail, AuditEntry]) await manager.createQueryBuilder().delete().from(entity).execute();
  }),
);

const CLIENT = { address: '192.0.2.1', userAgent: 'tests' };
const STRANGER = { address: '198.51.100.1', userAgent: 'guesses' };
const PASSWORD = 'correct horse';
const ADA = 'ada@example.org';

const register = (email = ADA) => services.sessions.register({ email, password: PASSWORD, name: 'Ada' }, CLIENT);
const login = (password: string, client = CLIENT) => services.sessions.login({ email: ADA, password }, client);

/** Whoever asked was answered before; the mail comes a moment later. */
async function resetToken(email = ADA): Promise<string> {
  const before = (await services.tokensMailedTo(email)).length;
  services.resets.forgot(email);
  return waitFor(async () => (await services.tokensMailedTo(email))[before], { until: 'the mail is there' });
}

async function codesOf(work: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(work);
  return results
    .map((one) => (one.status === 'fulfilled' ? 'done' : String((one.reason as { code?: unknown }).code)))
    .sort();
}

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => (await codesOf([work]))[0];
const actions = async (): Promise<string[]> =>
  (await services.dataSource.getRepository(AuditEntry).find({ order: { id: 'ASC' } })).map(({ action }) => action);

/** Lets time pass for all tokens. */
const makeOld = (ms: number): Promise<unknown> =>
  services.transactions.run(async (manager) => {
    for (const { id, expiresAt } of await manager.find(AccountToken)) {
      await manager.update(AccountToken, { id }, { expiresAt: new Date(expiresAt.getTime() - ms) });
    }
  });

describe(`a forgotten password on ${testDatabaseKind()}`, () => {
  it('is replaced once by whoever has the link, which ends all sessions', async () => {
    const { refreshToken, user } = await register();
    const token = await resetToken();
    await services.resets.reset({ token, password: 'a brand new one' }, CLIENT);
    expect(await codeOf(services.sessions.refresh(refreshToken, CLIENT))).toBe('refresh_token_invalid');
    expect(await codeOf(login(PASSWORD))).toBe('invalid_credentials');
    expect((await login('a brand new one')).user).toMatchObject({ id: user.id, emailVerified: true });
    expect(await codeOf(services.resets.reset({ token, password: 'yet another one' }, CLIENT))).toBe('token_invalid');
    expect(await actions()).toEqual(['user.registered', 'user.password_reset_requested', 'user.password_reset']);
    expect((await services.mailsTo(ADA)).at(-1)).toContain('A new password was chosen');
  });

  it('is replaced by one of two who come at once, and other links of before are spent with it', async () => {
    await register();
    const tokens = [await resetToken(), await resetToken()];
    const tries = tokens.flatMap((token) =>
      [1, 2, 3].map((number) => services.resets.reset({ token, password: `new password ${number} ${token}` }, CLIENT)),
    );
    expect(await codesOf(tries)).toEqual(['done', ...Array<string>(5).fill('token_invalid')]);
    expect(await services.dataSource.getRepository(AccountToken).count()).toBe(0);
  });

  it('can be replaced while strangers keep guessing, who are thrown out by it and not the owner', async () => {
    await register();
    const guesses = Array.from({ length: 20 }, (_, number) => login(`guess ${number}`, STRANGER));
    expect(await codesOf(guesses)).toContain('too_many_attempts');
    await services.resets.reset({ token: await resetToken(), password: 'a brand new one' }, STRANGER);
    await login('a brand new one', STRANGER);
  });

  it('leaves no session behind of somebody who signs in at the same time with the old one', async () => {
    await register();
    const token = await resetToken();
    await codesOf([
      login(PASSWORD),
      services.resets.reset({ token, password: 'a brand new one' }, CLIENT),
      login(PASSWORD),
    ]);
    const living = services.dataSource
      .getRepository(RefreshToken)
      .createQueryBuilder('token')
      .where('token.revokedAt IS NULL');
    expect(await living.getCount()).toBe(0);
  });

  it('is not replaced with a link that is half an hour old, of somebody disabled since, or that was never sent', async () => {
    const { user } = await register();
    const late = await resetToken();
    await makeOld(30 * 60_000);
    const token = await resetToken();
    await services.users.manage({ userId: newId(), role: 'admin' }, user.id, { disabled: true }, null);
    for (const one of [late, token, 'x', '']) {
      expect(await codeOf(services.resets.reset({ token: one, password: 'a brand new one' }, CLIENT))).toBe(
        'token_invalid',
      );
    }
    await services.sweeper.sweep(Date.now());
  });

  it('does not become one that everybody tries, or the address', async () => {
    await register();
    const token = await resetToken();
    for (const password of ['password1', ADA]) {
      expect(await codeOf(services.resets.reset({ token, password }, CLIENT))).toBe('validation_failed');
    }
    await services.resets.reset({ token, password: 'a brand new one' }, CLIENT);
  });

  it('brings three mails an hour to an account, and none to others, however often somebody asks', async () => {
    await register();
    for (let round = 0; round < 6; round += 1) {
      services.resets.forgot(ADA);
      services.resets.forgot('nobody@example.org');
    }
    await register('last@example.org');
    await resetToken('last@example.org');
    expect(await services.tokensMailedTo(ADA)).toHaveLength(3);
    expect(await services.dataSource.getRepository(Mail).countBy({ recipient: 'nobody@example.org' })).toBe(0);
  });

  it('keeps neither tokens nor links legible', async () => {
    await register();
    const token = await resetToken();
    const rows = await Promise.all(
      [AccountToken, Mail].map((entity) => services.dataSource.getRepository(entity).find()),
    );
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe(`an e-mail address on ${testDatabaseKind()}`, () => {
  it('is confirmed once, by its link', async () => {
    const { user } = await register();
    expect(user.emailVerified).toBe(false);
    await services.emails.askForVerification(user.id);
    const [token = ''] = await services.tokensMailedTo(ADA);
    expect(await codesOf([1, 2, 3].map(() => services.emails.verify(token)))).toEqual([
      'done',
      'token_invalid',
      'token_invalid',
    ]);
    expect((await login(PASSWORD)).user.emailVerified).toBe(true);
    expect(await codeOf(services.emails.askForVerification(user.id))).toBe('email_verified');
    expect(await codeOf(services.resets.reset({ token, password: 'a brand new one' }, CLIENT))).toBe('token_invalid');
  });

  it('is asked for three times an hour at most', async () => {
    const { user } = await register();
    const asked = [1, 2, 3, 4, 5].map(() => services.emails.askForVerification(user.id));
    expect(await codesOf(asked)).toEqual(['done', 'done', 'done', 'mailed_recently', 'mailed_recently']);
  });

  it('changes once the new one is confirmed, and the present one hears of it before', async () => {
    const { user } = await register();
    const change = { email: 'new@example.org', currentPassword: 'not the password' };
    expect(await codeOf(services.emails.askForChange(user.id, change, CLIENT))).toBe('current_password_wrong');
    await services.emails.askForChange(user.id, { ...change, currentPassword: PASSWORD }, CLIENT);
    expect((await services.mailsTo(ADA)).at(-1)).toContain('another e-mail address');
    const old = await resetToken();
    const [token = ''] = await services.tokensMailedTo('new@example.org');
    await login(PASSWORD);
    await services.emails.change(token);
    expect(await codeOf(login(PASSWORD))).toBe('invalid_credentials');
    expect(
      (await services.sessions.login({ email: 'new@example.org', password: PASSWORD }, CLIENT)).user,
    ).toMatchObject({
      id: user.id,
      emailVerified: true,
    });
    // What was mailed to the address of before opens nothing any more.
    expect(await codeOf(services.resets.reset({ token: old, password: 'a brand new one' }, CLIENT))).toBe(
      'token_invalid',
    );
    expect(await codeOf(services.emails.change(token))).toBe('token_invalid');
  });

  it('is given to one of two accounts that confirm it at once', async () => {
    const [one, two] = [await register(), await register('bob@example.org')];
    for (const { user } of [one, two]) {
      const change = { email: 'shared@example.org', currentPassword: PASSWORD };
      await services.emails.askForChange(user.id, change, CLIENT);
    }
    const tokens = await services.tokensMailedTo('shared@example.org');
    expect(tokens).toHaveLength(2);
    expect(await codesOf(tokens.map((token) => services.emails.change(token)))).toEqual(['done', 'email_taken']);
  });
});
