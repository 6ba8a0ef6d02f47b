import { describe, expect, it } from 'vitest';
import { SecretBox } from '../../../src/auth/secret-box.js';
import { SigningKeys } from '../../../src/auth/signing-keys.js';

const OLD = 'the-old-key-of-at-least-thirty-two-bytes';
const NEW = 'the-new-key-of-at-least-thirty-two-bytes';
const boxOf = (...secrets: readonly string[]): SecretBox => new SecretBox(new SigningKeys(secrets));

describe('a sealed secret', () => {
  const sealed = boxOf(OLD).seal('user 1', 'swordfish ✓');

  it('opens for whoever has the key, in its own place', () => {
    expect(sealed).not.toContain('swordfish');
    expect(boxOf(OLD).open('user 1', sealed)).toBe('swordfish ✓');
    expect(boxOf(OLD).open('user 2', sealed)).toBeNull();
    expect(boxOf(NEW).open('user 1', sealed)).toBeNull();
  });

  it('is another one each time', () => {
    expect(boxOf(OLD).seal('user 1', 'swordfish ✓')).not.toBe(sealed);
  });

  it('opens while its key is among the known ones, and says when it should be sealed again', () => {
    const rotated = boxOf(NEW, OLD);
    expect(rotated.open('user 1', sealed)).toBe('swordfish ✓');
    expect(rotated.isOutdated(sealed)).toBe(true);
    expect(rotated.isOutdated(rotated.seal('user 1', 'x'))).toBe(false);
  });

  it('does not open once a bit of it was changed, cut or made up', () => {
    const [id = '', encoded = ''] = sealed.split('.');
    const bytes = Buffer.from(encoded, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(boxOf(OLD).open('user 1', `${id}.${changed.toString('base64url')}`)).toBeNull();
    }
    for (const other of ['', '.', id, `${id}.`, `${id}.AAAA`, encoded]) {
      expect(boxOf(OLD).open('user 1', other)).toBeNull();
    }
  });
});
