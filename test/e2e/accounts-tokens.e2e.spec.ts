import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface Token {
  readonly id: string;
  readonly token: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
}

interface Items<Item> {
  readonly items: readonly Item[];
}

interface Session {
  readonly id: string;
  readonly current: boolean;
  readonly userAgent: string | null;
  readonly address: string | null;
}

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
});
afterAll(() => app?.close());

async function makeToken(owner: TestUser, body: object): Promise<Token> {
  const response = await app.request<Token>('POST', '/users/me/tokens', { token: owner.token, body });
  expect(response.status).toBe(201);
  return response.body;
}

const statusOf = async (method: string, path: string, token: string, body?: object): Promise<number> =>
  (await app.request(method, path, { token, ...(body === undefined ? {} : { body }) })).status;

const sessionsOf = async (token: string): Promise<readonly Session[]> =>
  (await app.request<Items<Session>>('GET', '/users/me/sessions', { token })).body.items;

describe('personal access tokens', () => {
  it('are shown once, open what their scopes say, and are listed with their last use', async () => {
    const owner = await app.createUser({ role: 'instructor' });
    const made = await makeToken(owner, { name: ' CI ', scopes: ['read'] });
    expect(made).toMatchObject({ name: 'CI', scopes: ['read'], lastUsedAt: null });
    const lifetimeMs =
      Date.parse(String(Reflect.get(made, 'expiresAt'))) - Date.parse(String(Reflect.get(made, 'createdAt')));
    expect(lifetimeMs).toBe(90 * 24 * 3_600_000);

    expect(await statusOf('GET', '/users/me', made.token)).toBe(200);
    const refused = await app.request('POST', '/courses', { token: made.token, body: { code: 'X', title: 'X' } });
    expectProblem(refused, 403, 'insufficient_scope');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="assay", error="insufficient_scope"');

    const manages = await makeToken(owner, { name: 'writes', scopes: ['manage'] });
    expect(await statusOf('POST', '/courses', manages.token, { code: 'X', title: 'X' })).toBe(201);
    expect(await statusOf('GET', '/courses', manages.token)).toBe(403);

    const list = await waitFor(async () => {
      const { body } = await app.request<Items<Token>>('GET', '/users/me/tokens', { token: owner.token });
      return body.items.every(({ lastUsedAt }) => lastUsedAt !== null) ? body.items : undefined;
    });
    expect(list.map(({ id }) => id)).toEqual([manages.id, made.id]);
    for (const item of list) expect(item).not.toHaveProperty('token');
    expect(JSON.stringify(list)).not.toContain(made.token.slice(10, 40));
  });

  it('never open more than the role of their owner, nor what takes a signed-in person', async () => {
    const student = await app.createUser();
    expectInvalid(
      await app.request('POST', '/users/me/tokens', { token: student.token, body: { name: 'x', scopes: ['admin'] } }),
      '/scopes',
    );
    const { token } = await makeToken(student, { name: 'all', scopes: ['read', 'submit', 'manage'] });
    expect(await statusOf('POST', '/courses', token, { code: 'X', title: 'X' })).toBe(403);
    expect(await statusOf('GET', '/users', token)).toBe(403);
    for (const [method, path, body] of [
      ['GET', '/users/me/tokens', undefined],
      ['POST', '/users/me/tokens', { name: 'another', scopes: ['read'] }],
      ['GET', '/users/me/sessions', undefined],
      ['DELETE', '/users/me/sessions', undefined],
      ['PATCH', '/users/me', { name: 'Another' }],
    ] as const) {
      expectProblem(
        await app.request(method, path, { token, ...(body === undefined ? {} : { body }) }),
        403,
        'session_required',
      );
    }
  });

  it('of an administrator need the scope "admin" for what administrators alone may do', async () => {
    const admin = await app.createUser({ role: 'admin' });
    const reads = await makeToken(admin, { name: 'reads', scopes: ['read', 'manage'] });
    const all = await makeToken(admin, { name: 'all', scopes: ['admin'] });
    expectProblem(await app.request('GET', '/users', { token: reads.token }), 403, 'insufficient_scope');
    expect(await statusOf('GET', '/users', all.token)).toBe(200);
    expect(await statusOf('GET', '/workers', all.token)).toBe(200);
  });

  it('open nothing once revoked, once their owner is disabled, or where they were never made', async () => {
    const owner = await app.createUser();
    const admin = await app.admin();
    const [own, other] = [
      await makeToken(owner, { name: 'a', scopes: ['read'] }),
      await makeToken(owner, { name: 'b', scopes: ['read'] }),
    ];
    expect(await statusOf('GET', '/users/me', own.token)).toBe(200);
    const stranger = await app.createUser();
    expect(await statusOf('DELETE', `/users/me/tokens/${own.id}`, stranger.token)).toBe(404);
    expect(await statusOf('DELETE', `/users/me/tokens/${own.id}`, owner.token)).toBe(204);
    expectProblem(await app.request('GET', '/users/me', { token: own.token }), 401, 'invalid_token');

    expect(await statusOf('DELETE', `/users/${owner.id}/tokens/${other.id}`, admin.token)).toBe(204);
    expect(await statusOf('GET', '/users/me', other.token)).toBe(401);

    const last = await makeToken(owner, { name: 'c', scopes: ['read'] });
    expect(await statusOf('GET', '/users/me', last.token)).toBe(200);
    expect(await statusOf('PATCH', `/users/${owner.id}`, admin.token, { disabled: true })).toBe(200);
    await waitFor(async () => ((await statusOf('GET', '/users/me', last.token)) === 401 ? true : undefined));
    for (const forged of [`assay_pat_${'0'.repeat(72)}`, last.token.slice(0, -1), `${last.token}00`]) {
      expect(await statusOf('GET', '/users/me', forged)).toBe(401);
    }
  });

  it('end in time, and are refused without a sensible end, name or scope', async () => {
    const owner = await app.createUser();
    const { token } = await makeToken(owner, {
      name: 'short',
      scopes: ['read'],
      expiresAt: new Date(Date.now() + 2_500).toISOString(),
    });
    expect(await statusOf('GET', '/users/me', token)).toBe(200);
    await waitFor(async () => ((await statusOf('GET', '/users/me', token)) === 401 ? true : undefined));
    const ask = (body: object) => app.request('POST', '/users/me/tokens', { token: owner.token, body });
    const year = 366 * 24 * 3_600_000;
    for (const expiresAt of [new Date(0), new Date(Date.now() + year + 60_000)]) {
      expectInvalid(await ask({ name: 'x', scopes: ['read'], expiresAt: expiresAt.toISOString() }), '/expiresAt');
    }
    expectInvalid(await ask({ name: '', scopes: ['read'] }), '/name');
    expectInvalid(await ask({ name: 'x', scopes: [] }), '/scopes');
    expectInvalid(await ask({ name: 'x', scopes: ['everything'] }), '/scopes');
    expectInvalid(await ask({ name: 'x', scopes: 'read' }), '/scopes');
  });
});

describe('sessions', () => {
  it('are listed by what one knows them by, and ended one by one', async () => {
    const user = await app.createUser();
    const credentials = { email: user.email, password: user.password };
    const phone = await app.request<{ accessToken: string; refreshToken: string }>('POST', '/auth/login', {
      body: credentials,
      headers: { 'user-agent': 'a phone \u00e9 <script>' },
    });
    const listed = await sessionsOf(phone.body.accessToken);
    expect(listed).toHaveLength(2);
    const [mine, first] = listed;
    expect(mine).toMatchObject({ current: true, address: '127.0.0.1', userAgent: expect.stringContaining('a phone') });
    expect(first).toMatchObject({ current: false });

    const stranger = await app.createUser();
    expect(await statusOf('DELETE', `/users/me/sessions/${first?.id}`, stranger.token)).toBe(404);
    expect(await statusOf('DELETE', `/users/me/sessions/${first?.id}`, phone.body.accessToken)).toBe(204);
    // Its access token too, and its refresh token.
    expect(await statusOf('GET', '/users/me', user.token)).toBe(401);
    const { status } = await app.request('POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } });
    expect(status).toBe(401);
    // The other goes on.
    const next = await app.request<{ accessToken: string }>('POST', '/auth/refresh', {
      body: { refreshToken: phone.body.refreshToken },
    });
    expect(next.status).toBe(200);
    expect((await sessionsOf(next.body.accessToken)).map(({ id }) => id)).toEqual([mine?.id]);
    expect(await statusOf('DELETE', `/users/me/sessions/${first?.id}`, next.body.accessToken)).toBe(404);
  });

  it('all end together, for their owner and for administrators', async () => {
    const user = await app.createUser();
    const admin = await app.admin();
    expect(await statusOf('DELETE', '/users/me/sessions', user.token)).toBe(204);
    expect(await statusOf('GET', '/users/me', user.token)).toBe(401);
    const again = await app.signIn(user.email, user.password);
    expect(await statusOf('DELETE', `/users/${user.id}/sessions`, user.token)).toBe(401);
    expect(await statusOf('DELETE', `/users/${user.id}/sessions`, admin.token)).toBe(204);
    expect(await statusOf('GET', '/users/me', again.token)).toBe(401);
  });
});
