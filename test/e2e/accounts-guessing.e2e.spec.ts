import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pauseAfter } from '../../src/users/login-attempts.js';
import { expectInvalid } from '../support/expect-problem.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
});
afterAll(() => app?.close());

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** Signs in from another address of this machine. */
function signInFrom(localAddress: string, email: string, password: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${app.url}/api/v1/auth/login`,
      { method: 'POST', localAddress, agent: false, headers: { 'content-type': 'application/json' } },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body }),
        );
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify({ email, password }));
  });
}

const guesses = (email: string, count: number): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      signInFrom(`127.0.0.${2 + (index % 20)}`, email, `guess number ${index}`),
    ),
  );

const withStatus = (answers: readonly Answer[], status: number): readonly Answer[] =>
  answers.filter((answer) => answer.status === status);

describe('guessing a password', () => {
  it('gets a handful of looks, however many guess at once and from wherever, and never locks the owner out', async () => {
    const owner = await app.createUser();
    const answers = await guesses(owner.email, 60);
    const looks = withStatus(answers, 401);
    const refused = withStatus(answers, 429);
    expect(looks.length + refused.length).toBe(60);
    expect(looks.length).toBeLessThanOrEqual(7);
    for (const { retryAfter, body } of refused) {
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
      expect(body).toContain('too_many_attempts');
    }
    // Not even with the right password, from where the owner never was.
    expect((await signInFrom('127.0.0.9', owner.email, owner.password)).status).toBe(429);
    expect((await signInFrom('127.0.0.1', owner.email, owner.password)).status).toBe(200);
  });

  it('looks the same for an address that has no account', async () => {
    const answers = await guesses('nobody-at-all@example.org', 30);
    expect(withStatus(answers, 401).length).toBeLessThanOrEqual(7);
    expect(withStatus(answers, 401).length + withStatus(answers, 429).length).toBe(30);
  });

  it('is forgotten with a sign-in that succeeds', async () => {
    const owner = await app.createUser();
    for (let round = 0; round < 3; round += 1) {
      for (let failure = 0; failure < 4; failure += 1) {
        expect((await signInFrom('127.0.0.1', owner.email, 'not the password')).status).toBe(401);
      }
      expect((await signInFrom('127.0.0.1', owner.email, owner.password)).status).toBe(200);
    }
  });

  it('is made no easier by a password that everybody tries', async () => {
    const body = { email: 'common@example.org', name: 'Common', password: 'password1' };
    expectInvalid(await app.request('POST', '/auth/register', { body }), '/password');
    const user = await app.createUser();
    const change = { password: 'iloveyou', currentPassword: user.password };
    expectInvalid(await app.request('PATCH', '/users/me', { token: user.token, body: change }), '/password');
  });

  it('is answered with pauses that double from a second to a quarter of an hour', () => {
    expect([1, 4, 5, 6, 7, 14, 15, 50].map(pauseAfter)).toEqual([0, 0, 1_000, 2_000, 4_000, 512_000, 900_000, 900_000]);
  });
});
