import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface ManagedUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly disabled: boolean;
}
interface UserPage {
  readonly items: readonly ManagedUser[];
  readonly nextCursor: string | null;
}

let app: TestApp;
let admin: TestUser;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  admin = await app.admin();
});
afterAll(() => app?.close());

describe('my account', () => {
  it('is read with an entity tag, and again only when it has changed', async () => {
    const { id, token } = await app.createUser({ name: 'Ada' });
    const first = await app.request('GET', '/users/me', { token });
    expect(first.body).toMatchObject({ id, name: 'Ada', role: 'student' });
    expect(Object.keys(first.body).sort()).toEqual(['createdAt', 'email', 'emailVerified', 'id', 'name', 'role']);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"1-[\w-]+"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await app.request('GET', '/users/me', { token, headers: { 'if-none-match': known } });
      expect(again.status).toBe(304);
      expect(again.body).toBe('');
      expect(again.headers.get('etag')).toBe(tag);
    }
    await app.request('PATCH', '/users/me', { token, body: { name: 'Ada King' } });
    const changed = await app.request('GET', '/users/me', { token, headers: { 'if-none-match': tag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  it('is changed by a merge patch, and left alone by an empty one', async () => {
    const { token, email } = await app.createUser({ name: 'Ada' });
    const renamed = await app.request('PATCH', '/users/me', { token, body: { name: '  Ada King ' } });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ name: 'Ada King', email });
    const same = await app.request('PATCH', '/users/me', { token, body: {} });
    expect(same.status).toBe(200);
    expect(same.headers.get('etag')).toBe(renamed.headers.get('etag'));
    expect((await app.request('GET', '/users/me', { token })).body).toEqual(renamed.body);
  });

  it('is changed only when it is what If-Match expects', async () => {
    const { token } = await app.createUser();
    const tag = (await app.request('GET', '/users/me', { token })).headers.get('etag') ?? '';
    const patch = (name: string, ifMatch: string) =>
      app.request('PATCH', '/users/me', { token, body: { name }, headers: { 'if-match': ifMatch } });
    expect((await patch('First', tag)).status).toBe(200);
    expectProblem(await patch('Second', tag), 412, 'version_mismatch');
    expectProblem(await patch('Second', '"nonsense"'), 412, 'version_mismatch');
    expect((await app.request('GET', '/users/me', { token })).body).toMatchObject({ name: 'First' });
    expect((await patch('Third', '*')).status).toBe(200);
  });

  it('takes one of several changes that race with the same If-Match', async () => {
    const { token } = await app.createUser();
    const tag = (await app.request('GET', '/users/me', { token })).headers.get('etag') ?? '';
    const responses = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        app.request('PATCH', '/users/me', { token, body: { name: `Racer ${index}` }, headers: { 'if-match': tag } }),
      ),
    );
    expect(responses.filter((one) => one.status === 200)).toHaveLength(1);
    for (const one of responses.filter((each) => each.status !== 200)) expectProblem(one, 412, 'version_mismatch');
  });

  it.each([
    [{ name: null }, '/name'],
    [{ name: '' }, '/name'],
    [{ role: 'admin' }, '/role'],
    [{ disabled: false }, '/disabled'],
    [{ email: 'new@example.org' }, '/email'],
    [{ id: '01a1f93b-a283-7197-87f1-4221b13d5ab0' }, '/id'],
    [{ createdAt: '2020-01-01T00:00:00.000Z' }, '/createdAt'],
    [{ password: 'short', currentPassword: 'x' }, '/password'],
    [{ password: null }, '/password'],
  ])('is not changed by %j', async (body, path) => {
    const { token } = await app.createUser();
    const before = (await app.request('GET', '/users/me', { token })).body;
    expectInvalid(await app.request('PATCH', '/users/me', { token, body }), path);
    expect((await app.request('GET', '/users/me', { token })).body).toEqual(before);
  });

  it('gets a new password from whoever knows the present one, which ends all sessions', async () => {
    const user = await app.createUser();
    const other = await app.signIn(user.email, user.password);
    const change = (currentPassword?: string) =>
      app.request('PATCH', '/users/me', { token: user.token, body: { password: 'a brand new one', currentPassword } });
    expectProblem(await change(), 422, 'current_password_wrong');
    expectProblem(await change('not the present one'), 422, 'current_password_wrong');
    expect((await app.request('GET', '/users/me', { token: user.token })).status).toBe(200);
    expect((await change(user.password)).status).toBe(200);
    for (const { token, refreshToken } of [user, other]) {
      expectProblem(await app.request('GET', '/users/me', { token }), 401, 'invalid_token');
      expectProblem(
        await app.request('POST', '/auth/refresh', { body: { refreshToken } }),
        401,
        'refresh_token_invalid',
      );
    }
    const old = await app.request('POST', '/auth/login', { body: { email: user.email, password: user.password } });
    expectProblem(old, 401, 'invalid_credentials');
    await app.signIn(user.email, 'a brand new one');
  });

  it('does not get its e-mail address as password', async () => {
    const { token, email, password } = await app.createUser();
    expectInvalid(
      await app.request('PATCH', '/users/me', { token, body: { password: email, currentPassword: password } }),
      '/password',
    );
  });
});

describe('other accounts', () => {
  it('are read by administrators, and by nobody else', async () => {
    const [student, instructor] = await Promise.all([app.createUser(), app.createUser({ role: 'instructor' })]);
    const seen = await app.request('GET', `/users/${student.id}`, { token: admin.token });
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({ id: student.id, email: student.email, role: 'student', disabled: false });
    expect(seen.headers.get('etag')).toMatch(/^"\d+-/);
    expect(Object.keys(seen.body).sort()).toEqual([
      'createdAt',
      'disabled',
      'email',
      'emailVerified',
      'id',
      'name',
      'role',
    ]);
    expect((await app.request('GET', `/users/${student.id}`, { token: student.token })).status).toBe(200);
    for (const { token } of [instructor, student]) {
      const hidden = await app.request('GET', `/users/${admin.id}`, { token });
      const missing = await app.request('GET', '/users/01a1f93b-a283-7197-87f1-4221b13d5ab0', { token });
      expectProblem(hidden, 404, 'not_found');
      expect({ ...hidden.body, instance: '', traceId: '' }).toEqual({ ...missing.body, instance: '', traceId: '' });
    }
  });

  it.each(['not-a-uuid', '1', "' OR 1=1", '%00', '01a1f93b-a283-7197-87f1-4221b13d5ab0'])(
    'named %s are not found',
    async (id) => {
      const path = `/users/${encodeURI(id)}`;
      expectProblem(await app.request('GET', path, { token: admin.token }), 404, 'not_found');
      expectProblem(await app.request('PATCH', path, { token: admin.token, body: { name: 'x' } }), 404, 'not_found');
    },
  );

  it('are changed and listed by administrators only', async () => {
    const [student, instructor] = await Promise.all([app.createUser(), app.createUser({ role: 'instructor' })]);
    for (const { id, token } of [instructor, student]) {
      expectProblem(await app.request('GET', '/users', { token }), 403, 'forbidden');
      for (const target of [id, admin.id, 'nobody']) {
        expectProblem(
          await app.request('PATCH', `/users/${target}`, { token, body: { role: 'admin' } }),
          403,
          'forbidden',
        );
      }
    }
    expect((await app.request('GET', `/users/${student.id}`, { token: admin.token })).body).toMatchObject({
      role: 'student',
    });
  });

  it('get another role, which counts at once and ends their sessions', async () => {
    const user = await app.createUser();
    const response = await app.request('PATCH', `/users/${user.id}`, {
      token: admin.token,
      body: { role: 'instructor', name: 'Promoted' },
    });
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ role: 'instructor', name: 'Promoted', disabled: false });
    expectProblem(await app.request('GET', '/users/me', { token: user.token }), 401, 'invalid_token');
    expect((await app.request('POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } })).status).toBe(
      401,
    );
    const again = await app.signIn(user.email, user.password);
    expect((await app.request('GET', '/users/me', { token: again.token })).body).toMatchObject({ role: 'instructor' });
  });

  it('keep their sessions when nothing changes but the name', async () => {
    const user = await app.createUser();
    const body = { name: 'Renamed', role: 'student', disabled: false };
    expect((await app.request('PATCH', `/users/${user.id}`, { token: admin.token, body })).status).toBe(200);
    expect((await app.request('GET', '/users/me', { token: user.token })).body).toMatchObject({ name: 'Renamed' });
  });

  it('may do nothing while they are disabled, and everything again afterwards', async () => {
    const user = await app.createUser();
    const disable = (disabled: boolean) =>
      app.request('PATCH', `/users/${user.id}`, { token: admin.token, body: { disabled } });
    expect((await disable(true)).body).toMatchObject({ disabled: true });
    expectProblem(await app.request('GET', '/users/me', { token: user.token }), 401, 'invalid_token');
    expect((await app.request('POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } })).status).toBe(
      401,
    );
    const login = (password: string) => app.request('POST', '/auth/login', { body: { email: user.email, password } });
    expectProblem(await login(user.password), 403, 'account_disabled');
    // Only who knows the password learns that the account exists and is disabled.
    expectProblem(await login('not the password'), 401, 'invalid_credentials');
    expect((await disable(false)).status).toBe(200);
    expect((await login(user.password)).status).toBe(200);
    expect((await app.request('GET', '/users/me', { token: user.token })).status).toBe(401);
  });

  it('that are disabled in one process can do nothing in another within a second', async () => {
    const user = await app.createUser();
    const second = await startTestApp({ sharing: app, worker: false });
    try {
      expect((await second.request('GET', '/users/me', { token: user.token })).status).toBe(200);
      await app.request('PATCH', `/users/${user.id}`, { token: admin.token, body: { disabled: true } });
      const start = performance.now();
      await waitFor(async () => (await second.request('GET', '/users/me', { token: user.token })).status === 401, {
        until: 'the other process refuses the token',
      });
      expect(performance.now() - start).toBeLessThan(2_000);
    } finally {
      await second.close();
    }
  });

  it('are changed only when they are what If-Match expects', async () => {
    const user = await app.createUser();
    const path = `/users/${user.id}`;
    const tag = (await app.request('GET', path, { token: admin.token })).headers.get('etag') ?? '';
    const patch = (name: string) =>
      app.request('PATCH', path, { token: admin.token, body: { name }, headers: { 'if-match': tag } });
    expect((await patch('First')).status).toBe(200);
    expectProblem(await patch('Second'), 412, 'version_mismatch');
  });

  it.each([
    [{ role: 'root' }, '/role'],
    [{ role: null }, '/role'],
    [{ disabled: 'yes' }, '/disabled'],
    [{ disabled: null }, '/disabled'],
    [{ name: null }, '/name'],
    [{ password: 'correct horse' }, '/password'],
    [{ email: 'other@example.org' }, '/email'],
    [{ tokenVersion: 0 }, '/tokenVersion'],
  ])('are not changed by %j', async (body, path) => {
    const user = await app.createUser();
    expectInvalid(await app.request('PATCH', `/users/${user.id}`, { token: admin.token, body }), path);
  });
});

describe('the last active administrator', () => {
  it('can neither be demoted nor disabled', async () => {
    const path = `/users/${admin.id}`;
    const { token } = admin;
    for (const body of [{ role: 'student' }, { disabled: true }, { role: 'instructor', disabled: true }]) {
      expectProblem(await app.request('PATCH', path, { token, body }), 409, 'last_admin');
    }
    // A disabled administrator does not count.
    const other = await app.createUser({ role: 'admin' });
    await app.request('PATCH', `/users/${other.id}`, { token, body: { disabled: true } });
    expectProblem(await app.request('PATCH', path, { token, body: { disabled: true } }), 409, 'last_admin');
    expect((await app.request('PATCH', path, { token, body: { name: 'Still here', role: 'admin' } })).status).toBe(200);
  });

  it('remains when two administrators demote each other at the same time', async () => {
    const own = await startTestApp({ worker: false });
    try {
      let one = await own.admin();
      let two = await own.createUser({ role: 'admin' });
      const setRole = (by: TestUser, whose: TestUser, role: string) =>
        own.request('PATCH', `/users/${whose.id}`, { token: by.token, body: { role } });
      for (let round = 0; round < 8; round += 1) {
        const responses = await Promise.all([setRole(one, two, 'student'), setRole(two, one, 'student')]);
        expect(responses.filter((response) => response.status === 200)).toHaveLength(1);
        const [winner, loser] = responses[0]?.status === 200 ? [one, two] : [two, one];
        expect((await setRole(winner, loser, 'admin')).status).toBe(200);
        one = winner;
        two = await own.signIn(loser.email, loser.password);
      }
    } finally {
      await own.close();
    }
  });
});

const list = (query: string) => app.request<UserPage>('GET', `/users?${query}`, { token: admin.token });

async function find(q: string): Promise<string[]> {
  return (await list(`q=${encodeURIComponent(q)}`)).body.items.map((one) => one.id);
}

describe('the list of users', () => {
  let marker: string;
  let made: string[];

  beforeAll(async () => {
    marker = `list-${randomBytes(4).toString('hex')}`;
    made = [];
    for (const number of [0, 1, 2, 3, 4]) {
      const { id } = await app.createUser({ email: `${marker}-${number}@example.org` });
      made.push(id);
    }
  });

  it('goes on page by page, newest first, while users are added', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { body: UserPage } = await list(`q=${marker}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.body.items.map((one) => one.id));
      cursor = page.body.nextCursor;
      if (seen.length === 2) await app.createUser({ email: `${marker}-later@example.org` });
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
  });

  it('shows 20 unless told otherwise, and says how to go on', async () => {
    await Promise.all(Array.from({ length: 20 }, () => app.createUser()));
    const { body } = await list('');
    expect(body.items).toHaveLength(20);
    expect(body.nextCursor).toEqual(expect.any(String));
    expect((await list('limit=100')).body.items.length).toBeGreaterThan(20);
  });

  it('finds by the beginning of address or name, whatever the case, taking no sign for a wildcard', async () => {
    const name = `Zoë ${randomBytes(4).toString('hex')}`;
    const { id } = await app.createUser({ name: `${name} 100%_!` });
    expect(await find(name)).toEqual([id]);
    expect(await find(name.replace('Z', 'z'))).toEqual([id]);
    expect(await find(`${name} 100%_!`)).toEqual([id]);
    expect(await find(`${name} 100_%!`)).toEqual([]);
    expect(await find(`${marker.toUpperCase()}-3`)).toEqual([made[3]]);
    expect(await find('%')).toEqual([]);
    expect(await find(`' OR 'a' LIKE 'a`)).toEqual([]);
    expect((await find('')).length).toBe(20);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1.5', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=%27%20OR%201%3D1', 'cursor'],
    ['q=%00', 'q'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['sort=email', 'sort'],
  ])('refuses ?%s', async (query, path) => {
    expectInvalid(await list(query), path);
  });
});
