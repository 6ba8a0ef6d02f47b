import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createAssignment, createCourse, submitted } from '../support/course-builder.js';
import { e2eBackend, startTestApp, type TestApp, type TestUser } from '../support/test-app.js';

/** Names that would be something else to a header, a log or a terminal that takes them as they are. */
const ODD_NAME = "a\";filename*=x''evil.html;.py";

let app: TestApp;
let instructor: TestUser;
let student: TestUser;
let submissionId: string;
let courseId: string;
let assignmentId: string;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  [instructor, student] = await Promise.all([app.createUser({ role: 'instructor' }), app.createUser()]);
  const course = await createCourse(app, instructor);
  await addMember(app, course, student);
  courseId = course.id;
  assignmentId = await createAssignment(app, course);
  const files = ['main.py', ODD_NAME, 'ä€.txt'].map((path) => ({ path, content: 'print(3)\n' }));
  submissionId = (await submitted(app, student, assignmentId, { files })).id;
});
afterAll(() => app?.close());

interface Sample {
  readonly what: string;
  readonly status: number;
  readonly type: RegExp | null;
  readonly ask: () => Promise<Response>;
}

function ask(method: string, path: string, by: TestUser | null, more: RequestInit = {}): Promise<Response> {
  const headers = {
    ...(by === null ? {} : { authorization: `Bearer ${by.token}` }),
    ...(more.headers as Record<string, string> | undefined),
  };
  return fetch(app.url + path, { method, redirect: 'manual', ...more, headers });
}

const PROBLEM = /^application\/problem\+json; charset=utf-8$/;
const JSON_TYPE = /^application\/json; charset=utf-8$/;
const json = { 'content-type': 'application/json' };

const samples: readonly Sample[] = [
  { what: 'a resource', status: 200, type: JSON_TYPE, ask: () => ask('GET', '/api/v1/users/me', student) },
  { what: 'a list', status: 200, type: JSON_TYPE, ask: () => ask('GET', '/api/v1/courses', student) },
  {
    what: 'a resource that has not changed',
    status: 304,
    type: null,
    ask: async () => {
      const etag = (await ask('GET', '/api/v1/users/me', student)).headers.get('etag') ?? '';
      return ask('GET', '/api/v1/users/me', student, { headers: { 'if-none-match': etag } });
    },
  },
  {
    what: 'something new',
    status: 201,
    type: JSON_TYPE,
    ask: () =>
      ask('POST', '/api/v1/courses', instructor, { headers: json, body: JSON.stringify({ code: 'N', title: 'New' }) }),
  },
  {
    what: 'nothing',
    status: 204,
    type: null,
    ask: async () => {
      const { refreshToken } = await app.signIn(student.email, student.password);
      return ask('POST', '/api/v1/auth/logout', null, { headers: json, body: JSON.stringify({ refreshToken }) });
    },
  },
  { what: 'a refusal to strangers', status: 401, type: PROBLEM, ask: () => ask('GET', '/api/v1/users/me', null) },
  { what: 'a refusal', status: 403, type: PROBLEM, ask: () => ask('GET', '/api/v1/users', student) },
  { what: 'a route that is not there', status: 404, type: PROBLEM, ask: () => ask('GET', '/api/v1/none', student) },
  { what: 'a path that is not there', status: 404, type: PROBLEM, ask: () => ask('GET', '/none', null) },
  {
    what: 'a preflight that nobody asked for',
    status: 404,
    type: PROBLEM,
    ask: () => ask('OPTIONS', '/api/v1/courses', null),
  },
  {
    what: 'a body that is none',
    status: 400,
    type: PROBLEM,
    ask: () => ask('POST', '/api/v1/courses', instructor, { headers: json, body: '{' }),
  },
  {
    what: 'a body of another type',
    status: 415,
    type: PROBLEM,
    ask: () => ask('POST', '/api/v1/courses', instructor, { headers: { 'content-type': 'text/plain' }, body: 'x' }),
  },
  {
    what: 'a body that is packed',
    status: 415,
    type: PROBLEM,
    ask: () =>
      ask('POST', '/api/v1/courses', instructor, { headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' }),
  },
  {
    what: 'a body that is too large',
    status: 413,
    type: PROBLEM,
    ask: () => ask('POST', '/api/v1/auth/login', null, { headers: json, body: `"${'x'.repeat(2_000_000)}"` }),
  },
  {
    what: 'a file',
    status: 200,
    type: /^text\/plain; charset=utf-8$/,
    ask: () => ask('GET', `/api/v1/submissions/${submissionId}/files/main.py`, student),
  },
  {
    what: 'a table',
    status: 200,
    type: /^text\/csv; charset=utf-8/,
    ask: () => ask('GET', `/api/v1/courses/${courseId}/gradebook.csv`, instructor),
  },
  {
    what: 'a package',
    status: 200,
    type: /^application\/zip$/,
    ask: () => ask('GET', `/api/v1/assignments/${assignmentId}/export`, instructor),
  },
  { what: 'health', status: 200, type: JSON_TYPE, ask: () => ask('GET', '/health/live', null) },
  { what: 'metrics', status: 200, type: /^text\/plain; .*charset=utf-8/, ask: () => ask('GET', '/metrics', null) },
  {
    what: 'the OpenAPI document',
    status: 200,
    type: /^application\/json/,
    ask: () => ask('GET', '/openapi.json', null),
  },
  { what: 'the OpenAPI document as YAML', status: 200, type: /yaml/, ask: () => ask('GET', '/openapi.yaml', null) },
  { what: 'Swagger UI', status: 200, type: /^text\/html; charset=utf-8$/i, ask: () => ask('GET', '/docs', null) },
  {
    what: 'a script of Swagger UI',
    status: 200,
    type: /javascript; charset=utf-8$/i,
    ask: () => ask('GET', '/docs/swagger-ui-bundle.js', null),
  },
  e2eBackend() === 'sqlite'
    ? { what: 'no queue board', status: 404, type: PROBLEM, ask: () => ask('GET', '/admin/queues', null) }
    : {
        what: 'a queue board that is closed',
        status: 401,
        type: PROBLEM,
        ask: () => ask('GET', '/admin/queues', null),
      },
];

describe('the headers of an answer', () => {
  it.each(samples.map((sample) => [sample.what, sample] as const))('close it: %s', async (_, sample) => {
    const { status, headers } = await sample.ask();
    expect(status).toBe(sample.status);
    if (sample.type === null) expect(headers.get('content-type')).toBeNull();
    else expect(headers.get('content-type')).toMatch(sample.type);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).toMatch(/^default-src 'none'|script-src 'self'(?:;|$)/);
    const caching = headers.get('cache-control');
    // What Swagger UI is made of is the same for everybody, and may be kept.
    if (sample.what.includes('Swagger')) return;
    expect(caching).toBe(headers.get('etag') === null ? 'no-store' : 'private, no-cache');
  });

  it('name a file that is handed out, whatever it is called', async () => {
    for (const path of [ODD_NAME, 'ä€.txt']) {
      const { headers } = await ask(
        'GET',
        `/api/v1/submissions/${submissionId}/files/${encodeURIComponent(path)}`,
        student,
      );
      const disposition = headers.get('content-disposition') ?? '';
      // One quoted name of harmless characters, then the true one, encoded (RFC 6266).
      expect(disposition).toMatch(/^attachment; filename="[\w.()!#$&+^`|~ -]*"; filename\*=UTF-8''[\w.%!*()~-]+$/i);
      expect(decodeURIComponent(disposition.split("''").at(-1) ?? '')).toBe(path);
    }
  });
});

describe('Swagger UI', () => {
  it('asks for nothing that its policy forbids', async () => {
    const page = await ask('GET', '/docs', null);
    const html = await page.text();
    const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(1);
    for (const [, attributes = '', content = ''] of scripts) {
      // Where scripts come from files alone, one in the page would be a dead page.
      expect(content.trim()).toBe('');
      const source = /src="([^"]+)"/.exec(attributes)?.[1] ?? '';
      const script = await ask('GET', new URL(source, `${app.url}/docs`).pathname, null);
      expect([source, script.status]).toEqual([source, 200]);
    }
    expect(html).not.toMatch(/\son\w+=|javascript:|https?:\/\/(?!www\.w3\.org)/);
    for (const [, href = ''] of html.matchAll(/<link[^>]*href="([^"]+)"/g)) {
      expect([href, (await ask('GET', new URL(href, `${app.url}/docs`).pathname, null)).status]).toEqual([href, 200]);
    }
  });
});

const LMS = 'https://lms.example.org';
const preflight = (url: string, origin: string): Promise<Response> =>
  fetch(`${url}/api/v1/courses`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, idempotency-key',
    },
  });

describe('pages of other origins', () => {
  it('may not call the API', async () => {
    const { headers } = await ask('GET', '/api/v1/courses', student, { headers: { origin: LMS } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect((await preflight(app.url, LMS)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may where CORS_ORIGINS names them, and no others; never with cookies', async () => {
    const variables = { CORS_ORIGINS: `${LMS},http://127.0.0.1:5173` };
    const second = await startTestApp({ sharing: app, worker: false, variables });
    try {
      const asked = (origin: string, path = '/api/v1/courses', token = student.token) =>
        fetch(second.url + path, { headers: { origin, authorization: `Bearer ${token}` } });
      for (const [path, token] of [
        ['/api/v1/courses', student.token],
        ['/api/v1/courses', 'forged'],
        ['/api/v1/none', student.token],
        [`/api/v1/submissions/${submissionId}/files`, student.token],
      ] as const) {
        const { headers } = await asked(LMS, path, token);
        expect(headers.get('access-control-allow-origin')).toBe(LMS);
        expect(headers.get('access-control-allow-credentials')).toBeNull();
        expect(headers.get('vary')?.toLowerCase()).toContain('origin');
        expect(headers.get('access-control-expose-headers')).toContain('etag');
      }
      const leaving = new AbortController();
      const stream = await fetch(`${second.url}/api/v1/submissions/${submissionId}/events`, {
        headers: { origin: LMS, authorization: `Bearer ${student.token}` },
        signal: leaving.signal,
      });
      expect(stream.headers.get('access-control-allow-origin')).toBe(LMS);
      leaving.abort();
      const allowed = await preflight(second.url, LMS);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
      for (const other of [
        'https://evil.example.org',
        'https://lms.example.org.evil.org',
        'http://lms.example.org',
        'null',
      ]) {
        expect((await asked(other)).headers.get('access-control-allow-origin')).toBeNull();
        expect((await preflight(second.url, other)).headers.get('access-control-allow-origin')).toBeNull();
      }
    } finally {
      await second.close();
    }
  });
});
