import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { matching } from '../support/matching.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
});
afterAll(() => app?.close());

function account(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    email: `${randomBytes(6).toString('hex')}@example.org`,
    password: 'correct horse',
    name: 'Ada Lovelace',
    ...changes,
  };
}

describe('registering', () => {
  it('makes a student, signs them in and answers no more than the contract says', async () => {
    const sent = account();
    const response = await app.request('POST', '/auth/register', { body: sent });
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body).toEqual({
      user: {
        id: matching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        email: sent['email'],
        emailVerified: false,
        name: 'Ada Lovelace',
        role: 'student',
        createdAt: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
      accessToken: matching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: matching(/^[\w-]{43}$/),
      expiresIn: 900,
    });
    const me = await app.request('GET', '/users/me', { token: String(response.body['accessToken']) });
    expect(me.status).toBe(200);
    expect(me.body).toEqual(response.body['user']);
  });

  it('records when the account was made by the clock of the database', async () => {
    const before = Date.now() - 2_000;
    const { body } = await app.request<{ user: { createdAt: string } }>('POST', '/auth/register', { body: account() });
    expect(Date.parse(body.user.createdAt)).toBeGreaterThan(before);
    expect(Date.parse(body.user.createdAt)).toBeLessThan(Date.now() + 2_000);
  });

  it('keeps e-mail addresses in lower case without blanks around them', async () => {
    const email = `Grace.${randomBytes(4).toString('hex').toUpperCase()}@Example.ORG`;
    const response = await app.request<{ user: { email: string } }>('POST', '/auth/register', {
      body: account({ email: `  ${email} ` }),
    });
    expect(response.status).toBe(201);
    expect(response.body.user.email).toBe(email.toLowerCase());
    await app.signIn(email.toUpperCase(), 'correct horse');
  });

  it('keeps names of any script, trimmed', async () => {
    const { body } = await app.request<{ user: { name: string } }>('POST', '/auth/register', {
      body: account({ name: ' 李小龍 🥋 O’Brien ' }),
    });
    expect(body.user.name).toBe('李小龍 🥋 O’Brien');
  });

  it('refuses an address that is taken, whatever its case', async () => {
    const first = account();
    await app.request('POST', '/auth/register', { body: first });
    expectProblem(await app.request('POST', '/auth/register', { body: first }), 409, 'email_taken');
    const shouted = { ...first, email: String(first['email']).toUpperCase() };
    expectProblem(await app.request('POST', '/auth/register', { body: shouted }), 409, 'email_taken');
  });

  it('makes one account of ten requests that race for the same address', async () => {
    const body = account();
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => app.request('POST', '/auth/register', { body })),
    );
    expect(responses.filter((one) => one.status === 201)).toHaveLength(1);
    for (const one of responses.filter((each) => each.status !== 201)) expectProblem(one, 409, 'email_taken');
  });

  it.each([
    ['no e-mail address', { email: 'ada' }, '/email'],
    ['a list for the address', { email: ['ada@example.org'] }, '/email'],
    [
      'an address of 255 characters',
      { email: `${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(3)}${'c'.repeat(10)}.org` },
      '/email',
    ],
    ['a password of 7 characters', { password: '1234567' }, '/password'],
    ['a password of 129 characters', { password: 'x'.repeat(129) }, '/password'],
    ['a number as password', { password: 12_345_678 }, '/password'],
    ['a blank name', { name: '   ' }, '/name'],
    ['a name of 201 characters', { name: 'n'.repeat(201) }, '/name'],
    ['a name with a line break', { name: 'Ada\r\nSet-Cookie: a=b' }, '/name'],
    ['a name with an escape sequence', { name: 'Ada\u001b[31m' }, '/name'],
    ['a name with a NUL', { name: 'Ada\0' }, '/name'],
    ['a name that is null', { name: null }, '/name'],
  ])('refuses %s', async (_, changes, path) => {
    expectInvalid(await app.request('POST', '/auth/register', { body: account(changes) }), path);
  });

  it('names every fault at once', async () => {
    expectInvalid(await app.request('POST', '/auth/register', { body: {} }), '/email', '/name', '/password');
  });

  it('refuses the e-mail address as password', async () => {
    const email = 'somebody@example.org';
    expectInvalid(
      await app.request('POST', '/auth/register', { body: account({ email, password: 'Somebody@Example.org' }) }),
      '/password',
    );
  });

  it.each([
    'role',
    'id',
    'createdAt',
    'disabled',
    'tokenVersion',
    'passwordHash',
    'version',
    'isAdmin',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'toString',
  ])('refuses the property %s and makes no account', async (property) => {
    const body = account({ [property]: 'admin' });
    expectInvalid(await app.request('POST', '/auth/register', { body }), `/${property}`);
    expect(
      (await app.request('POST', '/auth/login', { body: { email: body['email'], password: body['password'] } })).status,
    ).toBe(401);
  });

  it.each([
    ['__proto__', '"__proto__": {"role": "admin"}'],
    ['constructor', '"constructor": {"prototype": {"role": "admin"}}'],
  ])('refuses %s with what would be inherited', async (name, property) => {
    const body = `{"email": "poison@example.org", "password": "correct horse", "name": "x", ${property}}`;
    const response = await app.request('POST', '/auth/register', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expectInvalid(response, `/${name}`);
    expect(
      (await app.request('POST', '/auth/login', { body: { email: 'poison@example.org', password: 'correct horse' } }))
        .status,
    ).toBe(401);
  });
});

describe.each(['closed', 'invite'])('with REGISTRATION=%s', (registration) => {
  it('nobody registers, and those who have an account sign in', async () => {
    const second = await startTestApp({ sharing: app, worker: false, variables: { REGISTRATION: registration } });
    try {
      expectProblem(await second.request('POST', '/auth/register', { body: account() }), 403, 'registration_closed');
      const student = await app.createUser();
      await second.signIn(student.email, student.password);
    } finally {
      await second.close();
    }
  });
});
