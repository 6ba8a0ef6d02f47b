import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { e2eBackend, startTestApp, type TestApp, type TestUser } from '../support/test-app.js';

const BOARD = '/admin/queues';

let app: TestApp;
let admin: TestUser;
let student: TestUser;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  admin = await app.admin();
  student = await app.createUser();
});
afterAll(() => app.close());

const basic = ({ email, password }: Pick<TestUser, 'email' | 'password'>): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
});

function embeddedMode(): void {
  it('says that there is none', async () => {
    const response = await app.request('GET', BOARD, { token: admin.token });
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ code: 'no_queue_board' });
    expect((await app.request('GET', `${BOARD}/api/queues`)).status).toBe(404);
  });
}

function bullMode(): void {
  it.each(['GET', 'PUT', 'POST'])('asks strangers for a password (%s)', async (method) => {
    for (const path of [BOARD, `${BOARD}/api/queues`, `${BOARD}/api/queues/grading/pause`, `${BOARD}/static/x.js`]) {
      const response = await app.request(method, path);
      expect([401, 404]).toContain(response.status);
      if (response.status === 401) {
        expect(response.headers.get('www-authenticate')).toContain('Basic');
        expect(response.headers.get('content-type')).toContain('application/problem+json');
      }
    }
    expect((await app.request('GET', BOARD)).status).toBe(401);
    expect((await app.request('PUT', `${BOARD}/api/queues/grading/pause`)).status).toBe(401);
  });

  it('refuses who is no administrator, by token and by password', async () => {
    expect((await app.request('GET', BOARD, { token: student.token })).status).toBe(403);
    expect((await app.request('GET', BOARD, { headers: basic(student) })).status).toBe(403);
  });

  it('shows the queue to an administrator with a token', async () => {
    const page = await app.request<string>('GET', BOARD, { token: admin.token });
    expect(page.status).toBe(200);
    expect(page.body).toContain('<base href="/admin/queues/"');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const queues = await app.request<{ queues: { name: string }[] }>('GET', `${BOARD}/api/queues`, {
      token: admin.token,
    });
    expect(queues.body.queues.map(({ name }) => name)).toEqual(['grading']);
  });

  it('signs an administrator in by password once, with a cookie for this path alone', async () => {
    const first = await app.request('GET', BOARD, { headers: basic(admin) });
    expect(first.status).toBe(200);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; Path=\/admin\/queues; .*HttpOnly; SameSite=Strict/);
    const [pair = ''] = cookie.split(';');
    expect((await app.request('GET', `${BOARD}/api/queues`, { headers: { cookie: pair } })).status).toBe(200);
    // The cookie opens nothing else.
    expect((await app.request('GET', '/users/me', { headers: { cookie: pair } })).status).toBe(401);
    // Whatever changes something needs it: a foreign page can make a browser send the password, but not the cookie.
    const pause = `${BOARD}/api/queues/grading/pause`;
    expect((await app.request('PUT', pause, { headers: basic(admin) })).status).toBe(401);
    expect((await app.request('PUT', pause, { headers: { ...basic(admin), cookie: pair } })).status).toBe(200);
    expect((await app.request('PUT', `${BOARD}/api/queues/grading/resume`, { headers: { cookie: pair } })).status).toBe(
      200,
    );
  });

  it('stops guessing after ten failures', async () => {
    const wrong = { headers: basic({ email: admin.email, password: 'not the password' }) };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) statuses.push((await app.request('GET', BOARD, wrong)).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.at(-1)).toBe(429);
    // Tokens go on working.
    expect((await app.request('GET', BOARD, { token: admin.token })).status).toBe(200);
  });
}

if (e2eBackend() === 'sqlite') describe('the queue board in the embedded mode', embeddedMode);
else describe('the queue board', bullMode);
