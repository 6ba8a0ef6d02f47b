import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessTokenVerifier } from '../../src/auth/access-token-verifier.js';
import { DomainError } from '../../src/errors/domain-error.js';
import { QueueBoardAccess } from '../../src/queue-board-access.js';
import type { SessionsService } from '../../src/users/sessions.service.js';

let signIns: { email: string; password: string }[];
let access: QueueBoardAccess;

beforeEach(() => {
  signIns = [];
  const sessions = {
    login: (credentials: { email: string; password: string }) => {
      signIns.push(credentials);
      if (credentials.password !== 'pass:word ü') {
        return Promise.reject(new DomainError('unauthenticated', 'invalid_credentials', 'Wrong.'));
      }
      return Promise.resolve({ accessToken: 'admin-token', refreshToken: 'refresh' });
    },
    logout: () => Promise.resolve(),
  };
  const tokens = {
    verify: (token: string) => Promise.resolve(token === 'admin-token' ? { userId: 'a', role: 'admin' } : null),
  };
  // These have all that the class uses.
  access = new QueueBoardAccess(sessions as unknown as SessionsService, tokens as unknown as AccessTokenVerifier, true);
});

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const get = (authorization?: string, cookie?: string) =>
  access.admit({ method: 'GET', headers: { authorization, cookie } });

const change = (site: string) =>
  access.admit({ method: 'PUT', headers: { cookie: 'assay_queue_board=admin-token', 'sec-fetch-site': site } });

describe('QueueBoardAccess', () => {
  it('reads e-mail and password up to the first colon, in UTF-8', async () => {
    const { cookie } = await get(basic('Admin@Example.org:pass:word ü'));
    expect(signIns).toEqual([{ email: 'admin@example.org', password: 'pass:word ü' }]);
    expect(cookie).toMatch(/^assay_queue_board=admin-token; Path=\/admin\/queues; .*; Secure$/);
  });

  it('asks for no password where the cookie is valid, and for it again where it is not', async () => {
    await get(basic('a:b'), 'other=1; assay_queue_board=admin-token');
    expect(signIns).toEqual([]);
    await get(basic('a@b:pass:word ü'), 'assay_queue_board=expired');
    expect(signIns).toHaveLength(1);
  });

  it.each([
    '',
    'Basic',
    'Basic ***',
    basic(':x'),
    basic('no colon'),
    basic('a\0@b:x'),
    basic('a@b:x\n'),
    basic(`${'a'.repeat(300)}@b:x`),
    'Bearer forged',
    'Digest x',
  ])('refuses "%s"', async (header) => {
    await expect(get(header)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(signIns).toEqual([]);
  });

  it('changes nothing for a page of another origin, even one to which the browser sends the cookie', async () => {
    for (const site of ['same-site', 'cross-site', 'nonsense']) {
      await expect(change(site)).rejects.toMatchObject({ kind: 'unauthenticated' });
    }
    for (const site of ['same-origin', 'none']) await expect(change(site)).resolves.toMatchObject({ cookie: null });
  });

  it('does not take a password for what changes something', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const request = { method, headers: { authorization: basic('a@b:pass:word ü') } };
      await expect(access.admit(request)).rejects.toMatchObject({ kind: 'unauthenticated' });
    }
    expect(signIns).toEqual([]);
  });

  it('stops after ten failures, also when they are tried at the same time', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 30 }, () => get(basic('a@b:wrong'))));
    expect(tries.every(({ status }) => status === 'rejected')).toBe(true);
    expect(signIns).toHaveLength(10);
    await expect(get(basic('a@b:pass:word ü'))).rejects.toMatchObject({ kind: 'limit_exceeded' });
  });
});
