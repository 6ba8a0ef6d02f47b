import { describe, expect, it } from 'vitest';
import { requireOrdinaryBody, requireOrdinaryJson } from '../../../src/http/body-shape.js';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function wide(count: number): unknown {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
}

describe('the shape of a body', () => {
  it.each([undefined, null, 7, 'text', true, [], {}, { a: [{ b: null }] }, nested(64)])(
    'may be ordinary: %j',
    (body) => {
      requireOrdinaryBody(body);
    },
  );

  it('must not be too deep, however deep it is', () => {
    for (const levels of [65, 1_000, 100_000]) {
      expect(() => requireOrdinaryBody(nested(levels))).toThrow(
        expect.objectContaining({ kind: 'malformed', code: 'body_too_deep' }),
      );
    }
  });

  it('must not be too wide', () => {
    requireOrdinaryBody(wide(2_000));
    requireOrdinaryBody(Array(99_000).fill(1));
    for (const body of [wide(2_001), Array(100_000).fill(1), Array.from({ length: 60 }, () => wide(1_999))]) {
      expect(() => requireOrdinaryBody(body)).toThrow(
        expect.objectContaining({ kind: 'too_large', code: 'body_too_complex' }),
      );
    }
  });

  it.each(['constructor', 'prototype', '__proto__', 'hasOwnProperty', 'toString', '__defineGetter__'])(
    'must not use the name %s',
    (name) => {
      const body: unknown = JSON.parse(`{"a/b": [{"${name}": 1}]}`);
      expect(() => requireOrdinaryBody(body)).toThrow(
        expect.objectContaining({
          kind: 'invalid',
          errors: [{ path: `/a~1b/0/${name}`, message: `${name} is not a property of this resource` }],
        }),
      );
    },
  );
});

function check(text: string): void {
  requireOrdinaryJson(Buffer.from(text));
}

describe('the shape of a JSON text', () => {
  it.each([
    '',
    '{}',
    'no JSON at all }}}]',
    JSON.stringify(nested(64)),
    JSON.stringify(Array(99_000).fill(1)),
    JSON.stringify({ '[{"\\': `\\"${'[{,'.repeat(100_000)}\\` }),
  ])('may be ordinary', (text) => {
    check(text);
  });

  it('must not be too deep', () => {
    for (const text of [JSON.stringify(nested(65)), '['.repeat(5_000_000), '{"a":'.repeat(2_000_000)]) {
      expect(() => check(text)).toThrow(expect.objectContaining({ kind: 'malformed', code: 'body_too_deep' }));
    }
  });

  it('must not hold too much', () => {
    const properties = Array.from({ length: 100_001 }, (_, index) => `"k${index}":1`);
    for (const text of [`[${'1,'.repeat(5_000_000)}1]`, `{${properties.join(',')}}`]) {
      expect(() => check(text)).toThrow(expect.objectContaining({ kind: 'too_large', code: 'body_too_complex' }));
    }
  });
});
