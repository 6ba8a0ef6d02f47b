import { createHash } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Transactions } from '../../src/database/transactions.js';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestResponse } from '../support/test-app.js';

interface Session {
  readonly user: { readonly id: string };
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
});
afterAll(() => app?.close());

function refresh(refreshToken: string, on = app): Promise<TestResponse<Session>> {
  return on.request<Session>('POST', '/auth/refresh', { body: { refreshToken } });
}

async function refreshed(refreshToken: string): Promise<Session> {
  const response = await refresh(refreshToken);
  expect(response.status).toBe(200);
  return response.body;
}

/** Moves a time of a stored refresh token, instead of waiting for it to pass. */
async function moveTime(token: string, column: 'usedAt' | 'expiresAt', byMs: number): Promise<void> {
  const { RefreshToken } = await import('../../src/users/refresh-token.entity.js');
  const where = { tokenHash: createHash('sha256').update(token).digest('hex') };
  await app.app.get(Transactions).run(async (manager) => {
    const row = await manager.findOneByOrFail(RefreshToken, where);
    const time = row[column];
    if (time === null) throw new Error(`The token has no ${column} yet.`);
    await manager.update(RefreshToken, where, { [column]: new Date(time.getTime() + byMs) });
  });
}

describe('signing in', () => {
  it('gives the same answer for an unknown address and a wrong password', async () => {
    const { email } = await app.createUser();
    const answers = await Promise.all(
      [email, 'nobody@example.org'].map((one) =>
        app.request('POST', '/auth/login', { body: { email: one, password: 'not the password' } }),
      ),
    );
    for (const one of answers) expectProblem(one, 401, 'invalid_credentials');
    const [known, unknown] = answers.map(({ body }) => ({ ...body, traceId: null }));
    expect(known).toEqual(unknown);
  });

  it('takes as long for an unknown address as for a wrong password', async () => {
    const users = [await app.createUser(), await app.createUser(), await app.createUser()];
    const times: { readonly known: number[]; readonly unknown: number[] } = { known: [], unknown: [] };
    // Fewer for each than would be refused unseen.
    for (let round = 0; round < 4; round += 1) {
      for (const [index, { email }] of users.entries()) {
        for (const [kind, one] of [['known', email] as const, ['unknown', `nobody-${index}@example.org`] as const]) {
          const start = performance.now();
          const { status } = await app.request('POST', '/auth/login', {
            body: { email: one, password: 'not the password' },
          });
          expect(status).toBe(401);
          times[kind].push(performance.now() - start);
        }
      }
    }
    const [known = 0, unknown = 0] = Object.values(times).map((found) => found.sort((a, b) => a - b)[6]);
    // Without a hash for nobody the ratio would be below a quarter.
    expect(unknown / known).toBeGreaterThan(0.6);
    expect(unknown / known).toBeLessThan(1.7);
  });

  it('takes a password however its letters are composed', async () => {
    const email = 'composed@example.org';
    const account = { email, name: 'x', password: 'Zo\u00eb’s pa\u00dfword' };
    expect((await app.request('POST', '/auth/register', { body: account })).status).toBe(201);
    await app.signIn(email, account.password.normalize('NFD'));
  });

  it.each([
    [{}, ['/email', '/password']],
    [{ email: 'a@example.org' }, ['/password']],
    [{ email: 'a@example.org', password: '' }, ['/password']],
    [{ email: 'a\0@example.org', password: 'correct horse' }, ['/email']],
    [{ email: { $ne: '' }, password: 'correct horse' }, ['/email']],
    [{ email: 'a@example.org', password: 'correct horse', remember: true }, ['/remember']],
  ])('refuses %j', async (body, paths) => {
    expectInvalid(await app.request('POST', '/auth/login', { body }), ...paths);
  });

  it.each([`' OR 1=1 --`, `admin'/*`, `%`, `"; DROP TABLE users; --`])(
    'takes the address %j for what it is',
    async (email) => {
      expectProblem(
        await app.request('POST', '/auth/login', { body: { email, password: `' OR ''='` } }),
        401,
        'invalid_credentials',
      );
    },
  );

  it('hashes a password again when the stored hash is weaker than today’s', async () => {
    const user = await app.createUser();
    const weak = await hash(user.password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    const { User } = await import('../../src/users/user.entity.js');
    await app.app.get(Transactions).run((manager) => manager.update(User, { id: user.id }, { passwordHash: weak }));
    const sessions = await Promise.all([1, 2, 3].map(() => app.signIn(user.email, user.password)));
    const { passwordHash } = await app.app.get(DataSource).getRepository(User).findOneByOrFail({ id: user.id });
    expect(passwordHash).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    // It is still the same password, so nobody is signed out by it.
    for (const { token } of [user, ...sessions]) {
      expect((await app.request('GET', '/users/me', { token })).status).toBe(200);
    }
    await app.signIn(user.email, user.password);
  });

  it('never stores a password or a token as it is', async () => {
    const user = await app.createUser();
    const { refreshToken } = await refreshed(user.refreshToken);
    const rows = await Promise.all(
      ['users', 'refresh_tokens'].map((table) => app.app.get(DataSource).query(`SELECT * FROM ${table}`)),
    );
    const stored = JSON.stringify(rows);
    for (const secret of [user.password, user.refreshToken, refreshToken, user.token]) {
      expect(stored).not.toContain(secret);
    }
  });
});

describe('refreshing', () => {
  it('gives new tokens of the same user', async () => {
    const user = await app.createUser();
    const session = await refreshed(user.refreshToken);
    expect(Object.keys(session).sort()).toEqual(['accessToken', 'expiresIn', 'refreshToken', 'user']);
    expect(session).toMatchObject({ user: { id: user.id }, expiresIn: 900 });
    expect(session.refreshToken).not.toBe(user.refreshToken);
    expect((await app.request('GET', '/users/me', { token: session.accessToken })).status).toBe(200);
    await refreshed(session.refreshToken);
  });

  it('gives the same successor to everyone who refreshes at the same time, also on another process', async () => {
    const user = await app.createUser();
    const second = await startTestApp({ sharing: app, worker: false });
    try {
      const responses = await Promise.all(
        Array.from({ length: 12 }, (_, index) => refresh(user.refreshToken, index % 2 === 0 ? app : second)),
      );
      expect(responses.map((one) => one.status)).toEqual(Array(12).fill(200));
      const successors = new Set(responses.map((one) => one.body.refreshToken));
      expect(successors.size).toBe(1);
      for (const successor of successors) await refreshed(successor);
    } finally {
      await second.close();
    }
  });

  it('gives the same successor again within ten seconds, even when that has been used', async () => {
    const user = await app.createUser();
    const { refreshToken: successor } = await refreshed(user.refreshToken);
    await refreshed(successor);
    await moveTime(user.refreshToken, 'usedAt', -8_000);
    expect((await refreshed(user.refreshToken)).refreshToken).toBe(successor);
  });

  it('ends the whole family when a spent token comes back later', async () => {
    const user = await app.createUser();
    const other = await app.signIn(user.email, user.password);
    const { refreshToken: successor } = await refreshed(user.refreshToken);
    await moveTime(user.refreshToken, 'usedAt', -10_500);
    expectProblem(await refresh(user.refreshToken), 401, 'refresh_token_reused');
    expectProblem(await refresh(successor), 401, 'refresh_token_invalid');
    expectProblem(await refresh(user.refreshToken), 401, 'refresh_token_invalid');
    // Another sign-in is another family.
    await refreshed(other.refreshToken);
  });

  it('ends the family once and for all when reuse and refreshing race', async () => {
    const user = await app.createUser();
    const { refreshToken: successor } = await refreshed(user.refreshToken);
    await moveTime(user.refreshToken, 'usedAt', -10_500);
    const racing = await Promise.all([refresh(successor), refresh(user.refreshToken), refresh(successor)]);
    expect(racing[1]?.status).toBe(401);
    const given = racing.filter((one) => one.status === 200).map((one) => one.body.refreshToken);
    for (const token of [successor, ...given]) expect((await refresh(token)).status).toBe(401);
  });

  it('refuses an expired token', async () => {
    const user = await app.createUser();
    await moveTime(user.refreshToken, 'expiresAt', -30 * 24 * 3_600_000 - 1);
    expectProblem(await refresh(user.refreshToken), 401, 'refresh_token_invalid');
  });

  it('refuses access tokens, other people’s inventions and what is no text', async () => {
    const user = await app.createUser();
    expectProblem(await refresh('x'.repeat(43)), 401, 'refresh_token_invalid');
    expectInvalid(await app.request('POST', '/auth/refresh', { body: { refreshToken: 7 } }), '/refreshToken');
    expectInvalid(await app.request('POST', '/auth/refresh', { body: {} }), '/refreshToken');
    expect((await refresh(user.token.slice(0, 500))).status).toBe(401);
  });

  it('keeps sessions when the keys are rotated, even between a refresh and its repetition', async () => {
    const user = await app.createUser();
    const { refreshToken: successor } = await refreshed(user.refreshToken);
    const rotated = `${'n'.repeat(31)}ew-key,${app.variables['JWT_SECRET'] ?? ''}`;
    const second = await startTestApp({ sharing: app, worker: false, variables: { JWT_SECRET: rotated } });
    try {
      expect((await second.request('GET', '/users/me', { token: user.token })).status).toBe(200);
      const again = await refresh(user.refreshToken, second);
      expect(again.body.refreshToken).toBe(successor);
      expect((await second.request('GET', '/users/me', { token: again.body.accessToken })).status).toBe(200);
      // Signed with the new key, which the first process does not have.
      expectProblem(await app.request('GET', '/users/me', { token: again.body.accessToken }), 401, 'invalid_token');
    } finally {
      await second.close();
    }
  });
});

describe('signing out', () => {
  it('ends the session that a token belongs to, and no other', async () => {
    const user = await app.createUser();
    const other = await app.signIn(user.email, user.password);
    const { refreshToken: successor } = await refreshed(user.refreshToken);
    const response = await app.request('POST', '/auth/logout', { body: { refreshToken: user.refreshToken } });
    expect(response.status).toBe(204);
    expect(response.body).toBe('');
    expectProblem(await refresh(successor), 401, 'refresh_token_invalid');
    await refreshed(other.refreshToken);
  });

  it('answers the same for a token that is unknown', async () => {
    expect((await app.request('POST', '/auth/logout', { body: { refreshToken: 'never seen' } })).status).toBe(204);
    expectInvalid(await app.request('POST', '/auth/logout', { body: {} }), '/refreshToken');
  });
});
