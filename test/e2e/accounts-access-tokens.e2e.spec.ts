import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { forgeToken, readToken } from '../support/forge-token.js';
import { anyOf, matching } from '../support/matching.js';
import { startTestApp, type TestApp, type TestUser } from '../support/test-app.js';

let app: TestApp;
let user: TestUser;
let secret: string;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  user = await app.createUser();
  secret = app.variables['JWT_SECRET'] ?? '';
});
afterAll(() => app?.close());

const now = (): number => Math.floor(Date.now() / 1_000);

async function expectRefused(token: string): Promise<void> {
  const response = await app.request('GET', '/users/me', { token });
  expectProblem(response, 401, 'invalid_token');
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="assay", error="invalid_token"');
}

describe('an access token', () => {
  it('says who, what kind, for whom and for how long, and no more', () => {
    const { header, claims } = readToken(user.token);
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: matching(/^[\w-]{12}$/) });
    expect(claims).toEqual({
      sub: user.id,
      role: 'student',
      sid: matching(/^[0-9a-f-]{36}$/),
      ver: 1,
      iss: 'assay',
      aud: 'assay-api',
      jti: anyOf(String),
      iat: anyOf(Number),
      exp: Number(claims['iat']) + 900,
    });
  });

  it('forged with the right secret, header and claims is what a real one is', async () => {
    const { header, claims } = readToken(user.token);
    expect((await app.request('GET', '/users/me', { token: forgeToken(header, claims, secret) })).status).toBe(200);
  });

  it('is asked for on every route but the public ones', async () => {
    for (const path of ['/users/me', '/users', `/users/${user.id}`]) {
      const response = await app.request('GET', path);
      expectProblem(response, 401, 'unauthenticated');
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="assay"');
    }
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Bearer a b', 'bearer', 'Token x', 'Bearer \t'])(
    'is not found in "%s"',
    async (authorization) => {
      expect((await app.request('GET', '/users/me', { headers: { authorization } })).status).toBe(401);
    },
  );

  it('is not taken from the query, a cookie or a body', async () => {
    expect((await app.request('GET', `/users/me?access_token=${user.token}`)).status).toBe(401);
    expect((await app.request('GET', '/users/me', { headers: { cookie: `access_token=${user.token}` } })).status).toBe(
      401,
    );
  });

  it.each<[string, (header: Record<string, unknown>, claims: Record<string, unknown>) => string]>([
    ['unsigned, with alg none', (header, claims) => forgeToken({ ...header, alg: 'none' }, claims, null)],
    ['with alg none and a signature', (header, claims) => forgeToken({ ...header, alg: 'none' }, claims, secret)],
    ['with alg None', (header, claims) => forgeToken({ ...header, alg: 'None' }, claims, null)],
    ['without a signature', (header, claims) => forgeToken(header, claims, null)],
    ['signed with another secret', (header, claims) => forgeToken(header, claims, 'x'.repeat(48))],
    ['signed with the empty secret', (header, claims) => forgeToken(header, claims, '')],
    ['signed with its own key id', (header, claims) => forgeToken(header, claims, String(header['kid']))],
    ['signed with HS512', (header, claims) => forgeToken({ ...header, alg: 'HS512' }, claims, secret, 'sha512')],
    ['said to be RS256', (header, claims) => forgeToken({ ...header, alg: 'RS256' }, claims, secret)],
    ['of another type', (header, claims) => forgeToken({ ...header, typ: 'JWT' }, claims, secret)],
    ['without a type', ({ alg, kid }, claims) => forgeToken({ alg, kid }, claims, secret)],
    ['with an unknown key id', (header, claims) => forgeToken({ ...header, kid: 'unknown' }, claims, secret)],
    ['with a path as key id', (header, claims) => forgeToken({ ...header, kid: '../../../../dev/null' }, claims, '')],
    [
      'with SQL as key id',
      (header, claims) => forgeToken({ ...header, kid: "x' UNION SELECT 'key' --" }, claims, 'key'),
    ],
    ['without a key id', ({ alg, typ }, claims) => forgeToken({ alg, typ }, claims, secret)],
    [
      'with a critical extension',
      (header, claims) => forgeToken({ ...header, crit: ['b64'], b64: false }, claims, secret),
    ],
    [
      'that brings its own key',
      (header, claims) =>
        forgeToken(
          { ...header, kid: 'mine', jwk: { kty: 'oct', k: Buffer.from('mine').toString('base64url') } },
          claims,
          'mine',
        ),
    ],
    [
      'that names the address of a key',
      (header, claims) => forgeToken({ ...header, kid: 'mine', jku: 'http://127.0.0.1:9/jwks.json' }, claims, 'mine'),
    ],
    ['signed with a public key', (header, claims) => forgeToken(header, claims, publicKey())],
    ['expired a minute ago', (header, claims) => forgeToken(header, { ...claims, exp: now() - 60 }, secret)],
    ['that never expires', (header, { exp: _exp, ...claims }) => forgeToken(header, claims, secret)],
    ['that expires at "never"', (header, claims) => forgeToken(header, { ...claims, exp: 'never' }, secret)],
    [
      'not valid before the next minute',
      (header, claims) => forgeToken(header, { ...claims, nbf: now() + 60 }, secret),
    ],
    ['for another audience', (header, claims) => forgeToken(header, { ...claims, aud: 'other-api' }, secret)],
    ['for no audience', (header, { aud: _aud, ...claims }) => forgeToken(header, claims, secret)],
    ['of another issuer', (header, claims) => forgeToken(header, { ...claims, iss: 'other' }, secret)],
    ['of nobody', (header, { sub: _sub, ...claims }) => forgeToken(header, claims, secret)],
    ['of a list of users', (header, claims) => forgeToken(header, { ...claims, sub: [claims['sub']] }, secret)],
    [
      'of a user who does not exist',
      (header, claims) => forgeToken(header, { ...claims, sub: '01a1f93b-a283-7197-87f1-4221b13d5ab0' }, secret),
    ],
    ['of an older version of the account', (header, claims) => forgeToken(header, { ...claims, ver: 0 }, secret)],
    ['of a version that is text', (header, claims) => forgeToken(header, { ...claims, ver: '1' }, secret)],
    [
      'with changed claims',
      (_header, claims) => {
        const [head = '', , signature = ''] = user.token.split('.');
        const [, forged = ''] = forgeToken({}, { ...claims, role: 'admin' }, null).split('.');
        return `${head}.${forged}.${signature}`;
      },
    ],
    ['that is a refresh token', () => user.refreshToken],
    ['that is no JWT', () => 'garbage'],
    ['of four parts', () => `${user.token}.x`],
    ['of empty parts', () => '..'],
    ['whose header is a list', () => `${Buffer.from('[]').toString('base64url')}.e30.x`],
  ])('%s is refused', async (_, forge) => {
    const { header, claims } = readToken(user.token);
    await expectRefused(forge({ ...header }, { ...claims }));
  });

  it('gives the role that the account has, not the one that it says', async () => {
    const { header, claims } = readToken(user.token);
    const token = forgeToken(header, { ...claims, role: 'admin' }, secret);
    expectProblem(await app.request('GET', '/users', { token }), 403, 'forbidden');
  });

  it('is accepted for half a minute longer, as the clocks of two hosts differ', async () => {
    const { header, claims } = readToken(user.token);
    const token = forgeToken(header, { ...claims, exp: now() - 10 }, secret);
    expect((await app.request('GET', '/users/me', { token })).status).toBe(200);
  });
});

function publicKey(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
