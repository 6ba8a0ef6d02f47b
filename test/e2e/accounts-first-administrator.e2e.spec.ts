import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NOBODY = { ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined };

interface UserPage {
  readonly items: readonly { readonly email: string; readonly role: string }[];
}

function signIn(app: TestApp, email: string, password: string) {
  return app.request<{ user: { role: string } }>('POST', '/auth/login', { body: { email, password } });
}

/** The administrators of an installation, as one of them sees them. */
async function administrators(app: TestApp, token: string): Promise<string[]> {
  const { body } = await app.request<UserPage>('GET', '/users?limit=100', { token });
  return body.items.filter((one) => one.role === 'admin').map((one) => one.email);
}

describe('the first administrator', () => {
  let empty: TestApp;

  beforeAll(async () => {
    empty = await startTestApp({ worker: false, variables: NOBODY });
  });
  afterAll(() => empty?.close());

  it('is made once when several processes start together, and never again', async () => {
    const variables = { ADMIN_EMAIL: ' Root@Example.org ', ADMIN_PASSWORD: 'the first password' };
    const others = await Promise.all([1, 2, 3].map(() => startTestApp({ sharing: empty, worker: false, variables })));
    try {
      const { token } = await empty.signIn('root@example.org', 'the first password');
      expect(await administrators(empty, token)).toEqual(['root@example.org']);
      const later = await startTestApp({
        sharing: empty,
        worker: false,
        variables: { ADMIN_EMAIL: 'second@example.org', ADMIN_PASSWORD: 'another password' },
      });
      others.push(later);
      expect(await administrators(later, token)).toEqual(['root@example.org']);
      expectProblem(await signIn(later, 'second@example.org', 'another password'), 401, 'invalid_credentials');
    } finally {
      await Promise.all(others.map((one) => one.close()));
    }
  });
});

describe('an account that has the address of ADMIN_EMAIL already', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ worker: false, variables: NOBODY });
  });
  afterAll(() => app?.close());

  it('becomes the administrator with the password of ADMIN_PASSWORD, and whoever had it is signed out', async () => {
    const squatter = await app.createUser({ email: 'boss@example.org' });
    const variables = { ADMIN_EMAIL: 'boss@example.org', ADMIN_PASSWORD: 'what the operator set' };
    const restarted = await startTestApp({ sharing: app, worker: false, variables });
    try {
      const { body } = await signIn(restarted, 'boss@example.org', 'what the operator set');
      expect(body.user.role).toBe('admin');
      expectProblem(await signIn(restarted, squatter.email, squatter.password), 401, 'invalid_credentials');
      expectProblem(await restarted.request('GET', '/users/me', { token: squatter.token }), 401, 'invalid_token');
      expect(
        (await restarted.request('POST', '/auth/refresh', { body: { refreshToken: squatter.refreshToken } })).status,
      ).toBe(401);
    } finally {
      await restarted.close();
    }
  });
});
