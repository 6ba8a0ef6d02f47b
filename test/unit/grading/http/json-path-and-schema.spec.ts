import { describe, expect, it } from 'vitest';
import { jsonPathFault, queryJsonPath } from '../../../../src/grading/http/json-path.js';
import { jsonSchemaFault, schemaDifference } from '../../../../src/grading/http/json-schema.js';
import type { Json, JsonObject } from '../../../../src/grading/http/http-test.js';

const nested = (depth: number): Json => (depth === 0 ? 0 : { a: nested(depth - 1) });

describe('JSONPath', () => {
  it.each([
    '$',
    '$.a.b[0]',
    "$['a b'][-1]",
    '$..id',
    '$.items[?@.id == $.current].name',
    "$[?match(@.a, 'x.*')]",
    "$['$..*']",
  ])('takes %s', (path) => expect(jsonPathFault(path)).toBeNull());

  it.each([
    ['a.b', 'is not a JSONPath'],
    ['$.', 'is not a JSONPath'],
    ['$[?(@.constructor.constructor("return 1")())]', 'is not a JSONPath'],
    ['$[?process.exit()]', 'is not a JSONPath'],
    ['$..a..b..c', 'at most 2 times'],
    ['$[0,0][0,0][0,0][0,0][0,0]', 'at most 4 commas'],
    ['$[?@.a][?@.b][?@.c][?@.d][?@.e]', 'at most 4 filters'],
    ['$[?count($..*) > 1]', 'inside a filter'],
    ['$[?$.a[*] ]', 'inside a filter'],
  ])('refuses %s', (path, fault) => expect(jsonPathFault(path)).toContain(fault));

  it('matches in linear time, and gives up a query that costs too much', () => {
    const texts = Array.from({ length: 200 }, () => 'a'.repeat(30));
    expect(queryJsonPath("$[?match(@, '(a+)+b')]", texts)).toEqual({ isSingular: false, values: [] });
    const large = Array.from({ length: 5000 }, () => 'a'.repeat(200));
    expect(queryJsonPath("$[?search(@, '(a|b|ab){60}c')]", large)).toBeNull();
    expect(queryJsonPath("$[?match(@, 'a{3}')]", ['aaa', 'aaaa'])?.values).toEqual(['aaa']);
  });

  it('goes as deep as JSON that is looked into', () => {
    expect(queryJsonPath('$..a', nested(48))?.values.length).toBe(48);
  });
});

describe('JSON Schema', () => {
  const tree: JsonObject = {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        required: ['a'],
        properties: { a: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'integer' }] } },
      },
    },
  };

  it('follows references to its own parts', () => {
    expect(jsonSchemaFault(tree)).toBeNull();
    expect(schemaDifference(tree, nested(5))).toBeNull();
    expect(schemaDifference(tree, { b: 1 })).toContain("must have required property 'a'");
  });

  it.each([
    [{ $ref: 'https://example.org/schema.json' }, 'can only refer to its own parts'],
    [{ $ref: '#/$defs/none' }, 'is not a JSON Schema'],
    [{ $id: 'https://example.org/', type: 'object' }, '`$id`'],
    [{ $async: true }, '`$async`'],
    [{ pattern: '(?=a)' }, 'look-around'],
    [{ format: 'colour' }, 'unknown format'],
    [{ typ: 'object' }, 'unknown keyword'],
    [{ $ref: '#' }, 'is not a JSON Schema'],

    [{ properties: { a: { const: { $data: '1/b' } } } }, null],
  ])('says what is wrong with %j', (schema, fault) => {
    const found = jsonSchemaFault(schema);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });

  it('refuses one that is too large, and tells patterns apart', () => {
    expect(jsonSchemaFault({ enum: Array.from({ length: 1500 }, (_, index) => index) })).toContain('too large');
    expect(schemaDifference({ items: { pattern: '^a' } }, ['a'])).toBeNull();
    expect(schemaDifference({ items: { pattern: '^b' } }, ['a'])).toContain('must match pattern "^b"');
  });

  it('gives up where references multiply the work', () => {
    const laughs: JsonObject = {
      type: 'object',
      properties: { a: { anyOf: [{ allOf: [{ $ref: '#' }, { $ref: '#' }] }, { $ref: '#' }, { type: 'integer' }] } },
    };
    expect(jsonSchemaFault(laughs)).toBeNull();
    expect(schemaDifference(laughs, nested(46))).toContain('takes too long');
  });

  it('matches patterns in linear time', () => {
    expect(schemaDifference({ items: { pattern: '^(a+)+$' } }, [`${'a'.repeat(5000)}b`])).toContain(
      'must match pattern',
    );
    expect(
      schemaDifference(
        { items: { pattern: '(a|b|ab){100}' } },
        Array.from({ length: 100 }, () => 'ab'.repeat(10_000)),
      ),
    ).toContain('takes too long');
  });

  it.each([
    ['date', '2024-02-29', '2023-02-29'],
    ['date-time', '2024-01-31T10:00:00Z', '2024-01-31 10:00'],
    ['email', 'ada@example.org', 'ada@'],
    ['uuid', '0190163d-8694-739b-aea5-966c26f8ad91', '0190163d'],
    ['uri', 'https://example.org/a', '/a'],
    ['ipv4', '127.0.0.1', '127.0.0.256'],
    ['ipv6', '::ffff:1.2.3.4', '1::2::3'],
    ['hostname', 'a.example', '-a.example'],
    ['time', '10:00:00+02:00', '25:00:00Z'],
  ])('knows the format %s', (format, right, wrong) => {
    expect(schemaDifference({ format }, right)).toBeNull();
    expect(schemaDifference({ format }, wrong)).toContain('must match format');
  });
});
