import { expect, it } from 'vitest';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { e2eBackend, startTestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

type Line = Readonly<Record<string, unknown>>;

it('the log has who signed in, who did not, and who was not let in, and nothing secret', async () => {
  const app = await startTestApp({ worker: false });
  const user = await app.createUser({ name: 'Canary Finch' });
  const port = await freePort();
  // An API apart from its workers needs Redis.
  const role = e2eBackend() === 'sqlite' ? 'all' : 'api';
  const variables = { ...app.variables, ASSAY_ROLE: role, PORT: String(port), LOG_LEVEL: 'trace' };
  const api = ProgramProcess.start('main', variables);
  try {
    const url = `http://127.0.0.1:${port}`;
    await waitFor(async () => (await fetch(`${url}/health/live`)).ok, { until: 'the API is live', timeoutMs: 60_000 });
    const ask = (method: string, path: string, body?: object, token = '') =>
      fetch(`${url}/api/v1${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const wrong = 'canary-wrong-password';
    expect((await ask('POST', '/auth/login', { email: user.email, password: wrong })).status).toBe(401);
    const signedIn = await ask('POST', '/auth/login', { email: user.email, password: user.password });
    expect(signedIn.status).toBe(200);
    const { accessToken, refreshToken } = (await signedIn.json()) as { accessToken: string; refreshToken: string };
    expect((await ask('GET', '/users', undefined, accessToken)).status).toBe(403);
    await ask('GET', '/marker-last');
    await waitFor(() => api.log.includes('marker-last'), { until: 'all of them are in the log' });

    const lines = api.log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
    const refusals = lines.filter(({ msg }) => msg === 'A request was refused');
    expect(refusals).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'invalid_credentials', path: '/api/v1/auth/login', address: '127.0.0.1' }),
        expect.objectContaining({ code: 'forbidden', path: '/api/v1/users', method: 'GET', userId: user.id }),
      ]),
    );
    const welcomed = lines.filter(({ msg }) => msg === 'Signed in');
    expect(welcomed).toEqual([expect.objectContaining({ userId: user.id, address: '127.0.0.1' })]);
    for (const secret of [wrong, user.password, accessToken, refreshToken, user.email, 'Canary Finch']) {
      expect(api.log).not.toContain(secret);
    }
  } finally {
    await api.kill();
    await app.close();
  }
}, 120_000);
