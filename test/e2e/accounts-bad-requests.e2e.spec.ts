import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const MIB = 1024 * 1024;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
});
afterAll(() => app?.close());

function send(body: string, type = 'application/json') {
  return app.request('POST', '/auth/login', { body, headers: { 'content-type': type } });
}

/** Sends a body until the server answers. Fails when the server hangs up instead, as a client that is still sending would. */
async function sendEndlessly(sizeBytes: number, headers: Record<string, string>) {
  const request = httpRequest(`${app.url}/api/v1/auth/login`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const sending = new AbortController();
  const answered = (once(request, 'response') as Promise<[IncomingMessage]>).then(async ([response]) => {
    sending.abort();
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode ?? 0, body };
  });
  let sentBytes = 0;
  const piece = Buffer.alloc(MIB / 4, 0x20);
  const send = async (): Promise<void> => {
    while (sentBytes < sizeBytes && !sending.signal.aborted) {
      sentBytes += piece.length;
      if (!request.write(piece)) await once(request, 'drain', { signal: sending.signal });
    }
  };
  const [answer] = await Promise.all([
    answered,
    send().catch((error: unknown) => {
      if (!sending.signal.aborted) throw error;
    }),
  ]);
  request.destroy();
  return { ...answer, sentBytes };
}

describe('a request that cannot be read', () => {
  it.each(['{', '{"email": }', 'null garbage', '{"email": "a@example.org",}', "{'email': 'a'}", '\ufeff{'])(
    'is malformed: %j',
    async (body) => {
      expectProblem(await send(body), 400, 'malformed_body');
    },
  );

  it.each(['[]', '"text"', '7', 'true', 'null'])('is invalid when its body is the JSON value %s', async (body) => {
    expectProblem(await send(body), 422, 'validation_failed');
  });

  it('is malformed or invalid without any body', async () => {
    expect([400, 422]).toContain((await send('')).status);
    expectInvalid(await app.request('POST', '/auth/login'), '/email', '/password');
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'nonsense',
  ])('has an unsupported type: %s', async (type) => {
    expectProblem(await send('{"email": "a@example.org", "password": "x"}', type), 415, 'unsupported_media_type');
  });

  it('is too deep', async () => {
    for (const nested of [
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    ]) {
      expectProblem(await send(`{"email": ${nested}}`), 400, 'body_too_deep');
    }
  });

  it('has too many properties, which is said at once', async () => {
    const start = performance.now();
    const properties = Array.from({ length: 50_000 }, (_, index) => `"k${index}": 1`).join(',');
    expectProblem(await send(`{${properties}}`), 413, 'body_too_complex');
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['brackets', '['.repeat(4_900_000), 400, 'body_too_deep'],
    ['objects', '{"a":'.repeat(1_900_000), 400, 'body_too_deep'],
    ['commas', `[${'1,'.repeat(4_900_000)}1]`, 413, 'body_too_complex'],
  ])('is refused before it is parsed: ten megabytes of %s', async (_, body, status, code) => {
    const start = performance.now();
    const headers = { 'content-type': 'application/json' };
    expectProblem(await app.request('POST', '/assignments/x/submissions', { body, headers }), status, code);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('is larger than a route takes that takes no files', async () => {
    expectProblem(await send(`{"email": "${'a'.repeat(2 * MIB)}"}`), 413, 'body_too_large');
  });

  it('is invalid at once, however long its address takes to compose', async () => {
    const start = performance.now();
    const email = `a${'\u0301\u0323'.repeat(200_000)}@example.org`;
    for (const [path, name] of [
      ['/auth/login', undefined],
      ['/auth/register', 'Ada'],
    ] as const) {
      expectInvalid(await app.request('POST', path, { body: { email, password: 'long enough', name } }), '/email');
    }
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each(['"a\r\nBcc: b"@example.org', 'a\ud800@example.org', '\udc00@example.org', 'a\u0000@example.org'])(
    'is invalid with the address %j',
    async (email) => {
      const body = { email, password: 'long enough', name: 'Ada' };
      expectInvalid(await app.request('POST', '/auth/register', { body }), '/email');
    },
  );

  it('is invalid with more characters than the database keeps, however they are composed', async () => {
    for (const name of ['a\ufe0f'.repeat(101), '😀\ufe0f'.repeat(101), '😀'.repeat(201)]) {
      const body = { email: 'ada@example.org', password: 'long enough', name };
      expectInvalid(await app.request('POST', '/auth/register', { body }), '/name');
    }
  });

  it.each([
    ['is no HTTP', 'NONSENSE\r\n\r\n', 400, 'malformed_request'],
    [
      'has headers without end',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'has two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
  ])('%s', async (_, request, status, code) => {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(request);
    const [head = '', body = ''] = (await textOf(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Content-Type: application/problem\\+json`));
    expect(JSON.parse(body)).toMatchObject({ status, code });
  });

  it.each([
    ['declares 100 MiB: refused before they are read', { 'content-length': String(100 * MIB) }, 5 * MIB],
    ['sends 100 MiB without saying so: refused when 10 MiB have come', { 'transfer-encoding': 'chunked' }, 30 * MIB],
  ])('%s', async (_, headers, mostBytes) => {
    const before = process.memoryUsage.rss();
    const { status, body, sentBytes } = await sendEndlessly(100 * MIB, headers);
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(sentBytes).toBeLessThan(mostBytes);
    // Nothing of the rest was kept. Client and server are one process here.
    expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MIB);
  });

  it('is packed: refused before a byte of it is unpacked (faults row 45)', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    const before = process.memoryUsage.rss();
    for (const encoding of ['gzip', 'GZIP', 'deflate', 'br', 'identity, gzip']) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const answer = await app.request('POST', '/auth/login', { body: bomb, headers });
      expectProblem(answer, 415, 'unsupported_encoding');
      expect(answer.headers.get('accept-encoding')).toBe('identity');
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MIB);
    const plain = { 'content-type': 'application/json', 'content-encoding': 'identity' };
    const body = '{"email": "a@example.org", "password": "x"}';
    expect((await app.request('POST', '/auth/login', { body, headers: plain })).status).toBe(401);
  });

  it.each(['utf-16', 'UTF-16LE', 'iso-8859-1', 'utf-7', '"windows-1252"'])(
    'is of another charset: %s',
    async (charset) => {
      const type = `application/json; charset=${charset}`;
      expectProblem(await send('{"email": "a@example.org", "password": "x"}', type), 415, 'unsupported_charset');
    },
  );

  it('is no UTF-8, whatever it says', async () => {
    for (const type of ['application/json', 'application/json; charset=UTF-8']) {
      const body = Buffer.concat([
        Buffer.from('{"email": "a@example.org", "password": "'),
        Buffer.from([0xe4]),
        Buffer.from('"}'),
      ]);
      const answer = await app.request('POST', '/auth/login', { body, headers: { 'content-type': type } });
      expectProblem(answer, 400, 'malformed_body');
    }
    expect(
      (await send('{"email": "a@example.org", "password": "ä"}', 'application/json; charset="utf-8"')).status,
    ).toBe(401);
  });

  it('leaves the server as it was', async () => {
    expectProblem(await send('{"email": "a@example.org", "password": "x"}'), 401, 'invalid_credentials');
  });
});

describe('a merge patch', () => {
  it('may be sent as application/merge-patch+json', async () => {
    const { token } = await app.createUser();
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patched = await app.request('PATCH', '/users/me', { token, headers, body: '{"name": "Merged"}' });
    expect(patched.body).toMatchObject({ name: 'Merged' });
    const poisoned = await app.request('PATCH', '/users/me', {
      token,
      headers,
      body: '{"__proto__": {"role": "admin"}}',
    });
    expectInvalid(poisoned, '/__proto__');
  });
});

describe('a problem', () => {
  it('names the path without its query, and a trace id of its own', async () => {
    const responses = await Promise.all([1, 2].map(() => app.request('GET', '/users/me?secret=1')));
    for (const one of responses) expect(one.body['instance']).toBe('/api/v1/users/me');
    expect(new Set(responses.map((one) => one.body['traceId'])).size).toBe(2);
  });

  it('is given for routes that do not exist, and says nothing of the inside', async () => {
    for (const path of ['/nothing', '/users/me/nothing', '/auth', '/..%2f..%2fetc/passwd']) {
      const response = await app.request('GET', path, { token: (await app.admin()).token });
      expectProblem(response, 404, 'not_found');
      expect(JSON.stringify(response.body)).not.toMatch(/node_modules|src\/|at \w+ \(/);
    }
  });

  it('carries the security headers that every answer has', async () => {
    const { headers } = await app.request('GET', '/users/me');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
