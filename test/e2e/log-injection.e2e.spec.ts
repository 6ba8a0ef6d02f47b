import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { e2eBackend, startTestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

/** What a log must not take as it is: lines of its own, and what a terminal would obey. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const FORGED = '{"level":30,"msg":"an administrator signed in"}';

/** Faults row 50, with the log of a real process. */
it('what people send stays one encoded line of the log, whatever is in it', async () => {
  const app = await startTestApp({ worker: false });
  const port = await freePort();
  // An API apart from its workers needs Redis.
  const role = e2eBackend() === 'sqlite' ? 'all' : 'api';
  const api = ProgramProcess.start('main', {
    ...app.variables,
    ASSAY_ROLE: role,
    PORT: String(port),
    LOG_LEVEL: 'trace',
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await waitFor(async () => (await fetch(`${url}/health/live`)).ok, { until: 'the API is live', timeoutMs: 60_000 });
    const evil = `\r\n${FORGED}\n\u001b[2J\u001b]0;owned\u0007\u009b31m\u2028`;
    const say = async (request: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1');
      // As bytes, so that nothing on the way makes it harmless.
      socket.end(Buffer.from(request, 'utf8'));
      return textOf(socket);
    };
    const answers = [
      await say(
        `GET /api/v1/marker-one HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: x\u001b[31m\u009b\r\n\r\n`,
      ),
      await say(`GET /api/v1/marker-two HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: x${evil}\r\n\r\n`),
      await say(`GET /api/v1/marker-three/\u001b[2J\u009b\u2028 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
      await say(
        `GET /api/v1/marker-four HTTP/1.1\r\nHost: a\u001b\r\nConnection: close\r\nX-Forwarded-For: ${evil}\r\n\r\n`,
      ),
    ];
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const path = `/marker-five/${encodeURIComponent(evil)}`;
    expect((await fetch(`${url}/api/v1${path}`)).status).toBe(404);
    await post('/auth/login', { email: `a${evil}@example.org`, password: evil });
    await post('/auth/register', { email: 'evil@example.org', password: 'long enough for all', name: `Eve ${evil}` });
    const student = await app.createUser();
    const files = [{ path: `main${evil}.py`, content: evil }];
    const submitted = await post(
      `/assignments/${student.id}/submissions`,
      { files },
      { authorization: `Bearer ${student.token}` },
    );
    expect(submitted.status).toBe(404);
    await waitFor(() => api.log.includes('marker-five'), { until: 'the last of them is in the log' });
    await fetch(`${url}/api/v1/marker-last`);
    await waitFor(() => api.log.includes('marker-last'), { until: 'all of them are in the log' });
    const lines = api.log.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(() => JSON.parse(line) as unknown, line).not.toThrow();
      expect(line).not.toMatch(CONTROL);
      expect((JSON.parse(line) as { msg?: unknown }).msg).not.toBe('an administrator signed in');
    }
  } finally {
    await api.kill();
    await app.close();
  }
}, 120_000);
