import { describe, expect, it } from 'vitest';
import { SigningKeys } from '../../../src/auth/signing-keys.js';

const OLD = 'an old key of more than 32 bytes, kept for a while';
const NEW = 'a new key of more than 32 bytes, which signs from now on';

describe('signing keys', () => {
  it('sign with the first and verify with all', () => {
    const before = new SigningKeys([OLD]);
    const keys = new SigningKeys([NEW, OLD]);
    expect(keys.newest.id).not.toBe(before.newest.id);
    expect(keys.find(before.newest.id)?.equals(before.newest.key)).toBe(true);
    expect(keys.find(keys.newest.id)).toBe(keys.newest.key);
    expect(before.find(keys.newest.id)).toBeNull();
  });

  it('have ids that say nothing of the key, the same on every host', () => {
    const { id } = new SigningKeys([OLD]).newest;
    expect(id).toMatch(/^[\w-]{12}$/);
    expect(new SigningKeys([NEW, OLD]).find(id)).not.toBeNull();
  });

  it('derive one secret for each key, the newest first', () => {
    const [old] = new SigningKeys([OLD]).derive('token');
    expect(new SigningKeys([NEW, OLD]).derive('token')).toEqual([new SigningKeys([NEW]).derive('token')[0], old]);
    expect(new SigningKeys([OLD]).derive('other token')[0]).not.toBe(old);
    expect(old).toMatch(/^[\w-]{43}$/);
  });

  it('cannot be none', () => {
    expect(() => new SigningKeys([])).toThrow(/JWT_SECRET/);
  });
});
