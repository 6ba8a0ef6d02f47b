import { describe, expect, it } from 'vitest';
import { answerDifferences } from '../../../../src/grading/http/judge-answer.js';
import type { HttpAnswer } from '../../../../src/grading/http/http-answer.js';
import { answer, expectation } from './builders.js';

const context = { now: 1_000_000, origins: ['http://127.0.0.1:5000'] };
const differences = (expected: object, got: HttpAnswer): string[] =>
  answerDifferences(expectation(expected), got, context);

const BOOKS =
  '{"items":[{"id":1,"tags":["a"]},{"id":2,"tags":[]}],"total":2,"next":null,"owner":{"name":"Ada","age":36}}';

describe('answerDifferences', () => {
  it.each([
    [{}, answer('')],
    [{ status: 404 }, answer('', { status: 404 })],
    [{ status: [200, '3xx'] }, answer('', { status: 302 })],
    [{ headers: { 'Content-Type': 'text/plain' } }, answer('', { headers: { 'content-type': 'text/plain' } })],
    [{ headers: { etag: { exists: true }, age: { exists: false } } }, answer('', { headers: { etag: 'x' } })],
    [
      { headers: { 'content-type': { contains: 'json', regex: 'utf-8$' } } },
      answer('', { headers: { 'content-type': 'application/json; charset=utf-8' } }),
    ],
    [{ location: '/login' }, answer('', { status: 302, headers: { location: 'http://127.0.0.1:5000/login' } })],
    [{ location: { regex: '[?]next=' } }, answer('', { status: 302, headers: { location: '/login?next=%2F' } })],
    [{ json: { total: 2, items: [{ id: 1 }, {}] } }, answer(BOOKS)],
    [{ json: null }, answer('null')],
    [
      {
        jsonPath: {
          '$.items[*].id': [1, 2],
          '$.total': 2,
          '$.none': { exists: false },
          '$.items': { type: 'array', count: 1 },
        },
      },
      answer(BOOKS),
    ],
    [{ jsonPath: { '$.items[*].id': { type: 'integer', minimum: 1, maximum: 2, count: 2 } } }, answer(BOOKS)],
    [{ jsonPath: { '$.owner': { equals: { name: 'Ada', age: 36 } }, '$.next': null } }, answer(BOOKS)],
    [{ jsonPath: { '$.items[?@.id > 1].tags': [[]], '$..name': { regex: '^A' } } }, answer(BOOKS)],
    [
      { jsonSchema: { type: 'object', required: ['items'], properties: { total: { type: 'integer' } } } },
      answer(BOOKS),
    ],
    [{ text: 'hello' }, answer('hello\n')],
    [{ text: '0.3333', compare: 'tokens', floatTolerance: { absolute: 0.01 } }, answer('0.33')],
    [
      { cookies: { session: { exists: true, httpOnly: true, sameSite: 'Lax', path: '/' } } },
      answer('', { cookies: ['session=abc; HttpOnly; Path=/; SameSite=lax'] }),
    ],
    [{ cookies: { session: { expired: true } } }, answer('', { cookies: ['session=; Max-Age=0'] })],
    [{ cookies: { other: { exists: false }, a: 'b' } }, answer('', { cookies: ['a=b'] })],
  ])('takes %j', (expected, got) => expect(differences(expected, got)).toEqual([]));

  it.each([
    [{}, answer('', { status: 404 }), 'status: expected below 400, got 404'],
    [{ status: [200, '3xx'] }, answer('', { status: 401 }), 'status: expected 200 or 3xx, got 401'],
    [{ headers: { etag: 'a' } }, answer(''), 'header etag: expected "a", there is none'],
    [
      { headers: { etag: { exists: false } } },
      answer('', { headers: { etag: 'x' } }),
      'header etag: expected none, got "x"',
    ],
    [
      { location: '/login' },
      answer('', { headers: { location: 'http://127.0.0.1:5001/login' } }),
      'header Location: expected "/login", got "http://127.0.0.1:5001/login"',
    ],
    [{ json: { items: [{ id: 1 }] } }, answer(BOOKS), 'JSON at $.items: expected 1 elements, got 2'],
    [{ json: { items: [{}, { id: 3 }] } }, answer(BOOKS), 'JSON at $.items[1].id: expected 3, got 2'],
    [{ json: { 'two words': 1 } }, answer(BOOKS), "JSON at $['two words']: expected 1, but there is no such member"],
    [{ json: { total: '2' } }, answer(BOOKS), 'JSON at $.total: expected "2", got 2'],
    [{ json: { toString: 1 } }, answer('{}'), 'JSON at $.toString: expected 1, but there is no such member'],
    [{ json: { a: 1 } }, answer('<html>'), 'the body is not JSON'],
    [{ json: { a: 1 } }, answer(''), 'the body is empty, and not JSON'],
    [{ jsonPath: { '$.none': 1 } }, answer(BOOKS), '$.none: expected 1, but there is nothing there'],
    [{ jsonPath: { '$.items[*].id': [2, 1] } }, answer(BOOKS), '$.items[*].id: expected [2,1], got [1,2]'],
    [
      { jsonPath: { '$.owner': { equals: { name: 'Ada' } } } },
      answer(BOOKS),
      '$.owner: expected {"name":"Ada"}, got {"name":"Ada","age":36}',
    ],
    [{ jsonPath: { '$.total': { type: 'string' } } }, answer(BOOKS), '$.total: expected string, got a number: 2'],
    [{ jsonPath: { '$.items[*].id': { maximum: 1 } } }, answer(BOOKS), '$.items[*].id: expected at most 1, got 2'],
    [
      { jsonSchema: { properties: { total: { type: 'string' } } } },
      answer(BOOKS),
      'JSON Schema: /total must be string',
    ],
    [{ text: 'hello' }, answer('hallo'), 'body: expected'],
    [
      { cookies: { session: { httpOnly: true } } },
      answer('', { cookies: ['session=a'] }),
      'cookie session: expected HttpOnly to be set, got none',
    ],
    [{ cookies: { session: { exists: true } } }, answer(''), 'cookie session: there is none'],
  ])('tells what is not as %j says', (expected, got, message) => {
    expect(differences(expected, got).join('\n')).toContain(message);
  });

  it('looks at no JSON that is too large or too deep to be looked at', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const wide = `[${'0,'.repeat(300_000)}0]`;
    expect(differences({ json: [] }, answer(deep))).toEqual(['the body is JSON that is nested more than 48 deep']);
    expect(differences({ jsonPath: { '$..a': 1 } }, answer(wide))).toEqual([
      'the body is JSON with more than 20000 values',
    ]);
  });

  it('does not take members that JSON calls like those of every object for its own', () => {
    expect(differences({ jsonPath: { '$.constructor': { exists: false } } }, answer('{}'))).toEqual([]);
    expect(differences({ json: { __proto__: 1 } }, answer('{"__proto__": 1}'))).toEqual([]);
  });
});
