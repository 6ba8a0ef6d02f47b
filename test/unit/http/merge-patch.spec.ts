import { describe, expect, it } from 'vitest';
import { isJsonObject, mergePatch } from '../../../src/http/merge-patch.js';

describe('mergePatch', () => {
  // RFC 7396, appendix A, as far as the patch is an object.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j and %j is %j', (target, patch, merged) => {
    expect(mergePatch(target, patch)).toEqual(merged);
  });

  it('changes neither of the two, and no prototype', () => {
    const target = { a: { b: 1 } };
    const patch: unknown = JSON.parse('{"__proto__": {"polluted": true}, "a": {"c": 2}}');
    if (!isJsonObject(patch)) throw new Error('JSON.parse made no object.');
    const merged = mergePatch(target, patch);
    expect(target).toEqual({ a: { b: 1 } });
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.keys(merged).toSorted()).toEqual(['__proto__', 'a']);
  });
});
