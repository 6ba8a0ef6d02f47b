import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
});
afterAll(() => app?.close());

it('a second factor is needed to sign in, and is reset by administrators alone', async () => {
  const user = await app.createUser();
  const { token } = user;
  const begun = await app.request<{ secret: string; uri: string }>('POST', '/users/me/second-factor', {
    token,
    body: { currentPassword: user.password },
  });
  expect(begun.status).toBe(200);
  const code = new TOTP({ secret: begun.body.secret }).generate();
  const confirmed = await app.request<{ recoveryCodes: string[] }>('POST', '/users/me/second-factor/confirm', {
    token,
    body: { code },
  });
  expect([confirmed.status, confirmed.body.recoveryCodes.length]).toEqual([200, 10]);
  expect((await app.request('GET', '/users/me/second-factor', { token })).body).toMatchObject({ enabled: true });

  const credentials = { email: user.email, password: user.password };
  const login = (more: object = {}) => app.request('POST', '/auth/login', { body: { ...credentials, ...more } });
  expectProblem(await login(), 401, 'second_factor_required');
  // Who does not know the password learns nothing of it.
  expectProblem(await login({ password: 'not the password' }), 401, 'invalid_credentials');
  expectProblem(await login({ code }), 401, 'second_factor_wrong');
  expectInvalid(await login({ code: 123_456 }), '/code');
  const signedIn = await login({ code: confirmed.body.recoveryCodes[0] });
  expect([signedIn.status, Object.keys(signedIn.body).sort()]).toEqual([
    200,
    ['accessToken', 'expiresIn', 'refreshToken', 'user'],
  ]);
  const path = `/users/${user.id}/second-factor`;
  expectProblem(await app.request('DELETE', path, { token }), 403, 'forbidden');
  expect((await app.request('DELETE', path, { token: (await app.admin()).token })).status).toBe(204);
  expect((await login()).status).toBe(200);
});
