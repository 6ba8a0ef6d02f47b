import { describe, expect, it } from 'vitest';
import { captureFrom } from '../../../../src/grading/http/capture.js';
import { CookieJar, parseSetCookie } from '../../../../src/grading/http/cookies.js';
import { fillExpectation, fillRequest } from '../../../../src/grading/http/fill-step.js';
import type { HttpCapture, HttpRequest, Json } from '../../../../src/grading/http/http-test.js';
import { MissingVariable } from '../../../../src/grading/http/templates.js';
import { answer, expectation, httpTest } from './builders.js';

const variables = new Map<string, Json>([
  ['id', 7],
  ['token', 'a b/ü'],
  ['user', { name: 'Ada' }],
  ['next', 'http://127.0.0.1:5000/items/7?x=1'],
  ['evil', 'a\r\nX-Evil: 1'],
]);

/** A request that may use what is captured above. */
function request(overrides: object): HttpRequest {
  const capture = Object.fromEntries([...variables.keys()].map((name) => [name, '$.x']));
  const test = httpTest({ steps: [{ request: { path: '/' }, capture }, { request: { path: '/', ...overrides } }] });
  const made = test.steps[1]?.request ?? null;
  if (made === null) throw new Error('The step has a request.');
  return made;
}

const filled = (overrides: object): { target: string; headers: object; body: string } => {
  const { target, headers, body } = fillRequest(request(overrides), variables);
  return { target, headers: Object.fromEntries(headers), body: new TextDecoder().decode(body ?? undefined) };
};

describe('fillRequest', () => {
  it.each([
    ['/items/{{id}}', {}, '/items/7'],
    ['/by/{{ token }}/x', {}, '/by/a%20b%2F%C3%BC/x'],
    ['{{next}}', {}, '/items/7?x=1'],
    ['/größe', { q: 'a b&c', n: ['1', '{{id}}'] }, '/gr%C3%B6%C3%9Fe?q=a+b%26c&n=1&n=7'],
    ['/a?b=1', { c: '{{token}}' }, '/a?b=1&c=a+b%2F%C3%BC'],
    ['/{ {id}}', {}, '/{'],
  ])('makes of %s and %j the target %s', (path, query, target) => {
    if (path.includes(' {')) return expect(() => request({ path, query })).toThrow('white space');
    return expect(filled({ path, query }).target).toBe(target);
  });

  it('keeps the type of a value that stands alone in JSON', () => {
    const json = { id: '{{id}}', text: 'no. {{id}}', user: '{{user}}', list: ['{{token}}', '{{user}}!'] };
    expect(filled({ method: 'POST', json })).toEqual({
      target: '/',
      headers: { 'Content-Type': 'application/json' },
      body: '{"id":7,"text":"no. 7","user":{"name":"Ada"},"list":["a b/ü","{\\"name\\":\\"Ada\\"}!"]}',
    });
  });

  it('sends forms, text and bytes as what they are, unless told otherwise', () => {
    expect(filled({ method: 'POST', form: { a: 'x y', b: ['{{id}}', '&'] } })).toMatchObject({
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'a=x+y&b=7&b=%26',
    });
    expect(filled({ method: 'PUT', text: '<a>{{id}}</a>', headers: { 'content-type': 'text/xml' } })).toMatchObject({
      headers: { 'content-type': 'text/xml' },
      body: '<a>7</a>',
    });
    expect(filled({ method: 'PUT', body: 'AAH/' }).headers).toEqual({ 'Content-Type': 'application/octet-stream' });
  });

  it('sends files, with a boundary that stands in none of them', () => {
    const multipart = [
      { name: 'title', content: 'no. {{id}}' },
      { name: 'file', content: 'assay-part-1', filename: 'a".txt', contentType: 'text/plain' },
    ];
    const { headers, body } = filled({ method: 'POST', multipart });
    expect(headers).toEqual({ 'Content-Type': 'multipart/form-data; boundary=assay-part-2' });
    expect(body).toBe(
      '--assay-part-2\r\nContent-Disposition: form-data; name="title"\r\n\r\nno. 7\r\n' +
        '--assay-part-2\r\nContent-Disposition: form-data; name="file"; filename="a%22.txt"\r\nContent-Type: text/plain\r\n\r\n' +
        'assay-part-1\r\n--assay-part-2--\r\n',
    );
  });

  it('lets no value make header fields of its own, and no value be missing', () => {
    expect(() => filled({ headers: { 'X-A': '{{evil}}' } })).toThrow('cannot stand in a header');
    expect(() => fillRequest(request({ path: '/{{id}}' }), new Map())).toThrow(MissingVariable);
  });
});

describe('fillExpectation', () => {
  it('fills in what is compared, and no patterns', () => {
    const steps = [
      { request: { path: '/' }, capture: { id: '$.id', user: '$.user' } },
      {
        request: { path: '/' },
        expect: {
          json: { id: '{{id}}' },
          jsonPath: { '$.id': '{{id}}', '$.user': '{{user}}', '$.n': { minimum: 1, equals: '{{id}}' } },
          headers: { Location: '/items/{{id}}', ETag: { regex: '{{id}}' } },
          text: 'no. {{id}}',
        },
      },
    ];
    const expect_ = httpTest({ steps }).steps[1]?.expect ?? expectation();
    expect(fillExpectation(expect_, variables)).toMatchObject({
      json: { id: 7 },
      jsonPath: { '$.id': 7, '$.user': { equals: { name: 'Ada' } }, '$.n': { minimum: 1, equals: 7 } },
      headers: { Location: '/items/7', ETag: { regex: '{{id}}' } },
      text: 'no. 7',
    });
  });
});

const from = (capture: Partial<HttpCapture>): unknown =>
  captureFrom(
    { jsonPath: null, header: null, cookie: null, regex: null, ...capture },
    answer('{"token":"abc","n":5}', { headers: { location: '/cb?code=x1&state=2' }, cookies: ['sid=q; HttpOnly'] }),
  );

describe('captureFrom', () => {
  it.each([
    [{ jsonPath: '$.token' }, 'abc'],
    [{ jsonPath: '$.n' }, 5],
    [{ header: 'Location' }, '/cb?code=x1&state=2'],
    [{ header: 'Location', regex: 'code=([^&]+)' }, 'x1'],
    [{ cookie: 'sid' }, 'q'],
    [{ regex: '"n":\\d' }, '"n":5'],
    [{ jsonPath: '$.n', regex: '\\d' }, '5'],
  ])('takes %j', (capture, value) => expect(from(capture)).toEqual({ ok: true, value }));

  it.each([
    [{ jsonPath: '$.none' }, 'nothing at $.none'],
    [{ header: 'ETag' }, 'no header ETag'],
    [{ cookie: 'none' }, 'no cookie none'],
    [{ regex: 'none' }, 'nothing matches'],
  ])('says why there is no %j', (capture, fault) => {
    expect(from(capture)).toMatchObject({ ok: false, fault: expect.stringContaining(fault) });
  });
});

const jarOf = (cookies: readonly string[], path = '/'): CookieJar => {
  const jar = new CookieJar();
  for (const cookie of cookies) {
    const parsed = parseSetCookie(cookie);
    if (parsed !== null) jar.store(parsed, path, 1000);
  }
  return jar;
};

describe('CookieJar', () => {
  it('sends what was set, the most special first, and drops what is replaced, expired or for elsewhere', () => {
    const jar = jarOf([
      'a=1',
      'b=2; Path=/shop',
      'a=3; Max-Age=60; Secure',
      'c=4',
      'c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      '=x',
      'none',
    ]);
    expect(jar.headerFor('/')).toBe('a=3');
    expect(jar.headerFor('/shop/cart')).toBe('b=2; a=3');
    expect(jar.headerFor('/shopping')).toBe('a=3');
    expect(new CookieJar().headerFor('/')).toBeNull();
  });

  it('takes the folder of the request for the path that is not named', () => {
    expect(jarOf(['a=1'], '/shop/login').headerFor('/shop/x')).toBe('a=1');
    expect(jarOf(['a=1'], '/shop/login').headerFor('/')).toBeNull();
  });

  it('keeps a bounded number of them, none of them large', () => {
    const jar = jarOf(Array.from({ length: 5000 }, (_, index) => `c${index}=${index}`));
    expect(jar.headerFor('/')?.split('; ').length).toBe(100);
    expect(jarOf([`big=${'x'.repeat(5000)}`]).headerFor('/')).toBeNull();
  });
});
