import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { e2eBackend, startTestApp, type TestApp, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let app: TestApp;
let student: TestUser;

beforeAll(async () => {
  app = await startTestApp({ worker: false, variables: { LIMIT_CONNECTIONS: '400' } });
  student = await app.createUser();
});
afterAll(() => app?.close());

/** A connection that says nothing by itself; gathers what it is told. */
class Visitor {
  private answer = '';
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.answer += text));
    socket.on('error', () => undefined).once('close', () => (this.isClosed = true));
  }

  static async come(): Promise<Visitor> {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const visitor = new Visitor(socket);
    await once(socket, 'connect');
    return visitor;
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.answer)?.[1] ?? 0);
  }

  say(text: string): void {
    if (this.socket.writable) this.socket.write(text);
  }

  leave(): void {
    this.socket.destroy();
  }
}

const come = (count: number): Promise<Visitor[]> => Promise.all(Array.from({ length: count }, () => Visitor.come()));

/** Faults row 46, at a tenth of its scale, with the real time limits of the server. */
function slowClients(): void {
  it('hold nobody up, and are sent away: those that never end their headers, and those that never end their bodies', async () => {
    const [atHeaders, atBody] = [await come(150), await come(150)];
    for (const one of atHeaders) one.say('GET /api/v1/courses HTTP/1.1\r\nHost: assay\r\n');
    for (const one of atBody) {
      one.say(
        'POST /api/v1/auth/login HTTP/1.1\r\nHost: assay\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
      );
    }
    const everyone = [...atHeaders, ...atBody];
    const trickle = setInterval(() => {
      for (const one of atHeaders) one.say('a');
      for (const one of atBody) one.say(' ');
    }, 1_000);
    try {
      const startedAt = performance.now();
      let honest = 0;
      await waitFor(
        async () => {
          expect((await app.request('GET', '/users/me', { token: student.token })).status).toBe(200);
          honest += 1;
          return everyone.every(({ isClosed }) => isClosed);
        },
        { until: 'all of them have been sent away', timeoutMs: 40_000, pollEveryMs: 250 },
      );
      expect(honest).toBeGreaterThan(10);
      // Not at once, either: an honest client on a bad line has its time.
      expect(performance.now() - startedAt).toBeGreaterThan(9_000);
      expect(new Set(everyone.map(({ status }) => status))).toEqual(new Set([408]));
    } finally {
      clearInterval(trickle);
      for (const one of everyone) one.leave();
    }
  }, 90_000);
}

describe('connections', () => {
  it('beyond the limit are closed at once, and come again when others have gone', async () => {
    const crowd = await come(450);
    try {
      await waitFor(() => crowd.filter(({ isClosed }) => isClosed).length >= 50, { until: 'those beyond are closed' });
      // Whoever is in is served.
      const inside = crowd.filter(({ isClosed }) => !isClosed);
      expect(inside.length).toBeGreaterThan(300);
      inside[0]?.say('GET /health/live HTTP/1.1\r\nHost: assay\r\n\r\n');
      await waitFor(() => inside[0]?.status === 200, { until: 'one of those inside is answered' });
    } finally {
      for (const one of crowd) one.leave();
    }
    await waitFor(async () => (await app.request('GET', '/users/me', { token: student.token })).status === 200, {
      until: 'there is room again',
    });
  });

  if (e2eBackend() === 'sqlite') describe('of slow clients', slowClients);
});
