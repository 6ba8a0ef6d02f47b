import { describe, expect, it } from 'vitest';
import { parseIfMatch, requireVersion, versionOf, withVersion } from '../../../src/http/entity-tag.js';

describe('entity tags', () => {
  it('remember a version without showing it', () => {
    const body = withVersion({ id: 1 }, 7);
    expect(versionOf(body)).toBe(7);
    expect(JSON.stringify(body)).toBe('{"id":1}');
    for (const other of [null, undefined, 'text', 7, {}, []]) expect(versionOf(other)).toBeNull();
  });

  it.each([
    ['"3-abc"', [3]],
    ['"3-abc", "4-d_e-f"', [3, 4]],
    ['"3-abc","4-def"', [3, 4]],
    ['W/"3-abc"', []],
    ['"other"', []],
    ['3-abc', []],
    ['', []],
    ['"99999999999-abc"', []],
  ])('If-Match: %s accepts %j', (header, versions) => {
    expect([...(parseIfMatch(header) ?? ['any'])]).toEqual(versions);
  });

  it('If-Match: * and none at all accept any version', () => {
    expect(parseIfMatch('*')).toBeNull();
    expect(parseIfMatch(' * ')).toBeNull();
    expect(parseIfMatch(undefined)).toBeNull();
    requireVersion(null, 5);
  });

  it('refuse a change of another version', () => {
    requireVersion(new Set([4, 5]), 5);
    expect(() => requireVersion(new Set([4]), 5)).toThrow(
      expect.objectContaining({ kind: 'precondition_failed', code: 'version_mismatch' }),
    );
    expect(() => requireVersion(new Set(), 5)).toThrow('changed meanwhile');
  });
});
