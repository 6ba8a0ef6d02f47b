import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import {
  DJANGO,
  EXPRESS,
  FASTAPI,
  FLASK_LOGIN,
  LOGIN_STEPS,
  NODE_TICKET,
  PYTHON_NOTES,
  rawService,
} from '../support/http-services.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

type Step = Record<string, unknown>;

/** Times that no busy machine reaches, where they are not what the test is about. */
const PATIENT = { limits: { timeMs: 20_000, wallMs: 90_000 }, ready: { timeMs: 60_000 } };

function http(steps: readonly Step[], test: object = {}, runtime = 'python'): object {
  const start = runtime === 'python' ? 'python3 app.py' : 'node app.mjs';
  const patient = steps.map((step) =>
    'request' in step ? { ...step, request: { timeMs: 30_000, ...(step['request'] as object) } } : step,
  );
  return {
    runtime,
    tests: [{ kind: 'http', name: 'serves', points: 5, start, port: 5000, steps: patient, ...PATIENT, ...test }],
  };
}

/** Several services are started one after the other. */
const PATIENTLY = { timeout: 180_000 };

describe('tests of the kind http', PATIENTLY, () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (grading: object, files: Record<string, string>): Promise<ShownSubmission> =>
    classroom.grade(grading, { files });

  const python = async (grading: object, source: string): Promise<ShownSubmission['tests'][number]> => {
    const graded = await grade(grading, { 'app.py': source });
    const [test] = graded.tests;
    if (test === undefined) throw new Error(JSON.stringify(graded));
    return test;
  };
  const node = async (grading: object, source: string): Promise<ShownSubmission['tests'][number]> => {
    const graded = await grade(grading, { 'app.mjs': source });
    const [test] = graded.tests;
    if (test === undefined) throw new Error(JSON.stringify(graded));
    return test;
  };

  it('log in to Flask, carry the token on, and find the refresh token that can be used twice', async () => {
    const right = await python(http(LOGIN_STEPS), FLASK_LOGIN);
    expect(right, JSON.stringify(right)).toMatchObject({ verdict: 'accepted', points: 5, expected: null });
    expect(right.message).toContain('POST /login → 200');
    expect(right.stderr).toContain('"GET /me HTTP/1.1" 401');

    const wrong = await python(http(LOGIN_STEPS), FLASK_LOGIN.replace('refreshers.pop(', 'refreshers.get('));
    expect(wrong).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(wrong.message).toMatch(/^Step 6 \(refresh only once\): status: expected 401, got 200$/m);
    expect(wrong.message).toContain('Step 7 (GET /me): not run');
    expect(wrong.cases?.map(({ verdict }) => verdict)).toEqual([
      ...Array.from({ length: 5 }, () => 'accepted'),
      'wrong_answer',
      ...Array.from({ length: 4 }, () => 'skipped'),
    ]);
    expect(JSON.parse(wrong.expected ?? '')).toEqual({ status: [401] });

    const exposed = await python(http(LOGIN_STEPS), FLASK_LOGIN.replace('httponly=True', 'httponly=False'));
    expect(exposed.message).toContain('Step 2 (log in): cookie session: expected HttpOnly to be set, got none');
  });

  it('judge Django and FastAPI', async () => {
    const add = http([{ request: { path: '/add', query: { a: '2', b: '40' } }, expect: { json: { sum: 42 } } }]);
    expect(await python(add, DJANGO)).toMatchObject({ verdict: 'accepted' });
    const text = await python(add, DJANGO.replaceAll('int(request', 'str(request'));
    expect(text.message).toContain('JSON at $.sum: expected 42, got "240"');

    const items = http([
      {
        request: { method: 'POST', path: '/items', json: { name: 'pen', price: 1.5 } },
        expect: {
          status: 201,
          jsonSchema: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
        },
        capture: { id: '$.id' },
      },
      {
        request: { method: 'POST', path: '/items', json: { name: 'pen' } },
        expect: { status: 422, jsonPath: { '$.detail[0].loc[-1]': 'price', '$.detail': { type: 'array' } } },
      },
    ]);
    expect(await python(items, FASTAPI)).toMatchObject({ verdict: 'accepted' });
    const lax = await python(items, FASTAPI.replace('price: float', 'price: float = 0'));
    expect(lax.message).toContain('Step 2 (POST /items): status: expected 422, got 201');
  });

  it('judge Express, and give the points of the steps that hold', async () => {
    const steps = [
      { points: 3, request: { path: '/books' }, expect: { json: { total: 2, items: [{ title: 'Sula' }, {}] } } },
      { points: 2, request: { path: '/books/9' }, expect: { status: 404 } },
    ];
    const right = await node(http(steps, {}, 'node'), EXPRESS);
    expect(right, JSON.stringify(right)).toMatchObject({ verdict: 'accepted', points: 5 });
    const wrong = await node(http(steps, {}, 'node'), EXPRESS.replace("title: 'Sula'", "title: 'Jazz'"));
    expect(wrong).toMatchObject({ verdict: 'wrong_answer', points: 2 });
    expect(wrong.message).toContain('JSON at $.items[0].title: expected "Sula", got "Jazz"');
    expect(wrong.cases).toMatchObject([
      { verdict: 'wrong_answer', points: 0, maxPoints: 3 },
      { verdict: 'accepted', points: 2, maxPoints: 2 },
    ]);
  });

  it('make requests at once, and find the race', async () => {
    const steps = [
      { request: { method: 'POST', path: '/{{index}}' }, parallel: 20, expect: { statuses: { '201': 1, '409': 19 } } },
      { request: { path: '/' }, expect: { json: { sold: 1 } } },
    ];
    const right = await node(http(steps, {}, 'node'), NODE_TICKET);
    expect(right, JSON.stringify(right)).toMatchObject({ verdict: 'accepted' });
    const racy = await node(http(steps, {}, 'node'), NODE_TICKET.replace('/* wait */', 'await pause(300);'));
    expect(racy).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(racy.message).toContain('statuses: expected 1 × 201, 19 × 409, got');
  });

  it('restart the service with the files that it left, and leave none to the next test', async () => {
    const steps = [
      { request: { method: 'POST', path: '/', json: { text: 'milk' } }, expect: { status: 201 } },
      { restart: true, request: { path: '/' }, expect: { json: [{ text: 'milk' }] } },
    ];
    const once = http(steps) as { tests: object[] };
    const grading = { ...once, tests: [...once.tests, { ...once.tests[0], name: 'again' }] };
    const right = await grade(grading, { 'app.py': PYTHON_NOTES });
    expect(right, JSON.stringify(right.tests)).toMatchObject({ verdict: 'accepted', score: 10 });
    const forgetful = await python(http(steps), PYTHON_NOTES.replace('"notes.db"', '":memory:"'));
    expect(forgetful).toMatchObject({ verdict: 'wrong_answer', points: 0 });
    expect(forgetful.message).toContain('JSON at $: expected 1 elements, got 0');
  });

  it('tell a service that ends, hangs, or does not start from one that is wrong', async () => {
    const steps = [{ request: { path: '/', timeMs: 1500 } }];
    const endings: readonly (readonly [string, string, string, object?])[] = [
      ['import sys; sys.exit("no such table")', 'runtime_error', 'before it was ready'],
      ['', 'runtime_error', 'The service ended by itself before it was ready'],
      [
        'import time; time.sleep(60)',
        'runtime_error',
        'accepts no connection on port 5000',
        { ready: { timeMs: 1500 } },
      ],
      ['while True: pass', 'time_limit_exceeded', 'CPU time', { limits: { timeMs: 500, wallMs: 60_000 } }],
      ['x = "x" * 900_000_000', 'memory_limit_exceeded', 'memory'],
      [
        PYTHON_NOTES.replace('def do_GET(self):', 'def do_GET(self):\n        os._exit(3)'),
        'runtime_error',
        'exit status 3',
      ],
      [
        PYTHON_NOTES.replace('def do_GET(self):', 'def do_GET(self):\n        import time; time.sleep(60)'),
        'time_limit_exceeded',
        'does not answer within 1500 ms',
      ],
    ];
    for (const [source, verdict, message, test] of endings) {
      const ended = await python(http(steps, test), source);
      expect(ended, JSON.stringify(ended)).toMatchObject({ verdict, points: 0 });
      expect(ended.message).toContain(message);
    }
  });

  it('are not brought down by a hostile service', async () => {
    const hostile: readonly (readonly [string, string])[] = [
      ["write('hello\\r\\n\\r\\n')", 'sends what is not HTTP'],
      ['socket.end()', 'closes the connection without an answer'],
      ["write('HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\nab'); socket.end()", 'in the middle of its answer'],
      ["write('HTTP/1.1 200 OK\\r\\n'); forever('A: b\\r\\n')", 'KiB'],
      ["write('HTTP/1.1 200 OK\\r\\n' + 'Set-Cookie: a=b\\r\\n'.repeat(900) + '\\r\\n')", '200 header fields'],
      ["write('HTTP/1.1 200 OK\\r\\n\\r\\n'); forever('x'.repeat(65536))", 'a body of more than 1 MiB'],
      [
        "write('HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n'); forever('1\\r\\nx\\r\\n'.repeat(5000))",
        'the service ',
      ],
      ["forever('HTTP/1.1 100 Continue\\r\\n\\r\\n')", 'too many answers that are none'],
      [
        "write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: x\\r\\n\\r\\n')",
        'switches to another protocol',
      ],
      ["setInterval(() => write('H'), 100)", 'HTTP'],
      [
        "write('HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n'); setInterval(() => write('x'), 900)",
        'does not answer within 2000 ms',
      ],
      ["write('HTTP/1.1 200 OK\\r\\n\\r\\n' + '['.repeat(200000)); socket.end()", 'nested more than 48 deep'],
      [
        "write('HTTP/1.1 302 Found\\r\\nLocation: http://169.254.169.254/\\r\\nContent-Length: 0\\r\\n\\r\\n')",
        'redirects to another server',
      ],
      [
        "write('HTTP/1.1 302 Found\\r\\nLocation: /\\r\\nContent-Length: 0\\r\\n\\r\\n')",
        'redirects more than 5 times',
      ],
    ];
    const steps = hostile.map((_, index) => ({
      points: 1,
      request: { path: `/${index}`, timeMs: 2000, followRedirects: true },
      expect: { json: {} },
    }));
    const source = rawService(`socket.once('data', (data) => {
      switch (Number(/GET \\/(\\d*)/.exec(String(data))?.[1] || 13)) {
        ${hostile.map(([action], index) => `case ${index}: ${action}; break;`).join('\n')}
      }
    });`);
    const judged = await node(http(steps, { points: hostile.length }, 'node'), source);
    expect(judged.cases?.length).toBe(hostile.length);
    for (const [index, [, message]] of hostile.entries()) expect(judged.cases?.[index]?.message).toContain(message);
    expect(judged).toMatchObject({ points: 0 });
  });

  it('leave a service neither the machine nor another submission', async () => {
    const listening = createServer().listen(0, '127.0.0.1');
    const address = listening.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const look = `
import json, os, socket
from http.server import BaseHTTPRequestHandler, HTTPServer
def reach(host, port):
    try:
        socket.create_connection((host, port), 2).close()
        return "reached"
    except OSError:
        return "not reached"
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps([reach("127.0.0.1", ${port}), reach("169.254.169.254", 80), reach("127.0.0.1", 5001)]).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;
    const steps = [{ request: { path: '/' }, expect: { json: ['not reached', 'not reached', 'not reached'] } }];
    // The other one listens on 5001 meanwhile.
    const slow = http([{ request: { path: '/' } }, { restart: true, request: { path: '/' } }], { port: 5001 });
    const [looked] = await Promise.all([python(http(steps), look), python(slow, look)]);
    listening.close();
    expect(looked, JSON.stringify(looked)).toMatchObject({ verdict: 'accepted' });
  });

  it('measure the latency beside the reference, which students never see', async () => {
    const reference = NODE_TICKET;
    const latency = {
      ratio: 3,
      floorMs: 50,
      requests: 5,
      request: { path: '/' },
      reference: { start: 'node fast.mjs', files: [{ path: 'fast.mjs', content: reference }] },
    };
    const grading = http([{ request: { path: '/' } }], { latency }, 'node');
    expect(await node(grading, NODE_TICKET)).toMatchObject({ verdict: 'accepted' });
    const slow = await node(
      grading,
      NODE_TICKET.replace("if (request.method === 'GET')", "await pause(700);\n  if (request.method === 'GET')"),
    );
    expect(slow, JSON.stringify(slow)).toMatchObject({ verdict: 'time_limit_exceeded', points: 0 });
    expect(slow.message).toContain('times as long, and 3 times is allowed');

    const id = await classroom.assign(grading);
    const { body } = await app.request<object>('GET', `/assignments/${id}`, { token: classroom.student.token });
    expect(JSON.stringify(body)).toContain('"ratio":3');
    expect(JSON.stringify(body)).not.toContain('fast.mjs');
  });

  it('show nothing of a hidden test', async () => {
    const hidden = await python(
      http([{ request: { path: '/' }, expect: { text: 'secret' } }], { visibility: 'hidden' }),
      PYTHON_NOTES,
    );
    expect(hidden).toMatchObject({
      verdict: 'wrong_answer',
      message: null,
      expected: null,
      stdout: null,
      stderr: null,
      cases: null,
    });
  });
});
