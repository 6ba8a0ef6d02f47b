import { describe, expect, it } from 'vitest';
import { showValue, valueDifference, valueFault } from '../../../../src/grading/unit/unit-values.js';

const same = (a: unknown, b: unknown) => valueDifference(a, b, null) === null;

describe('valueDifference', () => {
  it('holds what is equal for equal', () => {
    for (const value of [
      null,
      true,
      'a',
      1.5,
      [1, [2]],
      { a: { b: [] } },
      { $tuple: [1, 'a'] },
      { $set: [1, 2] },
      { $bytes: 'AAE=' },
      { $float: 'nan' },
      { $undefined: true },
      { $object: { class: 'P', fields: { x: 1 } } },
    ]) {
      expect(valueFault(value)).toBeNull();
      expect(valueDifference(value, structuredClone(value), null)).toBeNull();
    }
    expect(same({ $set: [1, [2]] }, { $set: [[2], 1] })).toBe(true);
    expect(
      same(
        {
          $map: [
            [1, 'a'],
            [2, 'b'],
          ],
        },
        {
          $map: [
            [2, 'b'],
            [1, 'a'],
          ],
        },
      ),
    ).toBe(true);
    expect(same(12, { $int: '12' })).toBe(true);
  });

  it.each([
    [1, true],
    [0, false],
    [null, { $undefined: true }],
    [[1, 2], { $tuple: [1, 2] }],
    [[], {}],
    ['AAE=', { $bytes: 'AAE=' }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ $set: [1, 1] }, { $set: [1, 2] }],
    [{ $set: [1] }, { $set: [1, 2] }],
    [{ $int: '9007199254740993' }, { $int: '9007199254740992' }],
    [{ $object: { class: 'P', fields: {} } }, { $object: { class: 'Q', fields: {} } }],
    [{ $float: 'inf' }, { $float: '-inf' }],
    ['x', { $opaque: 'x' }],
    [1, undefined],
    [{ __proto__: null, a: 1 }, JSON.parse('{"__proto__": {"a": 1}}')],
  ])('holds %j and %j for different', (a, b) => {
    expect(same(a, b)).toBe(false);
  });

  it('knows tolerances, anywhere in a value', () => {
    const tolerance = { absolute: 0.01, relative: null };
    expect(valueDifference([{ a: 1 }], [{ a: 1.005 }], tolerance)).toBeNull();
    expect(valueDifference([{ a: 1 }], [{ a: 1.02 }], tolerance)).toBe('at [0]["a"]: expected 1, got 1.02.');
    expect(valueDifference(1000, 1001, { absolute: null, relative: 0.01 })).toBeNull();
    expect(valueDifference({ $float: 'inf' }, 5, { absolute: 1e300, relative: 1 })).not.toBeNull();
  });

  it('is not led into endless work', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 1_000; depth += 1) deep = [deep];
    expect(valueDifference(deep, deep, null)).toContain('deeper');
    const many = Array.from({ length: 50_000 }, (_, index) => index);
    expect(same({ $set: many }, { $set: many })).toBe(false);
    expect(showValue(many).length).toBeLessThan(250);
  });
});

describe('valueFault', () => {
  it.each([
    [{ $tupel: [] }, 'knows no `$tupel`'],
    [{ $tuple: 1 }, 'must be a list'],
    [[{ $int: 'x' }], 'whole number'],
    [{ a: { $bytes: '?' } }, 'base64'],
    [{ $map: [[1]] }, 'pairs'],
    [{ $object: { class: 1 } }, '`class`'],
  ])('finds %j', (value, message) => {
    expect(valueFault(value)).toContain(message);
  });
});
