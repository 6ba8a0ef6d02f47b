import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { AccessTokenVerifier } from '../../../src/auth/access-token-verifier.js';
import type { Principal } from '../../../src/auth/principal.js';
import { isLocal, MetricsService } from '../../../src/health/metrics.service.js';

describe('isLocal', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('is true for %s', (ip) => {
    expect(isLocal({ ip, headers: {} })).toBe(true);
  });

  it.each(['10.0.0.1', '192.168.1.5', '1127.0.0.1', '127.0.0.1.example.org', '::', '::ffff:10.0.0.1', ''])(
    'is false for "%s"',
    (ip) => {
      expect(isLocal({ ip, headers: {} })).toBe(false);
    },
  );

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'])(
    'is false behind a proxy that sends %s',
    (name) => {
      expect(isLocal({ ip: '127.0.0.1', headers: { [name]: 'anything' } })).toBe(false);
    },
  );
});

describe('MetricsService', () => {
  const principals: Readonly<Record<string, Principal>> = {
    'admin-token': { userId: 'a', role: 'admin' },
    'student-token': { userId: 's', role: 'student' },
  };
  const verifier: Pick<AccessTokenVerifier, 'verify'> = {
    verify: (token) => Promise.resolve(principals[token] ?? null),
  };
  const metrics = new MetricsService(new Registry(), verifier as AccessTokenVerifier);
  const from = (authorization?: string) => metrics.read({ ip: '10.0.0.1', headers: { authorization } });

  it('answers an administrator from anywhere', async () => {
    await expect(from('Bearer admin-token')).resolves.toEqual(expect.any(String));
  });

  it('refuses everyone else', async () => {
    await expect(from()).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(from('Bearer forged')).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(from('Basic admin-token')).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(from('Bearer student-token')).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
