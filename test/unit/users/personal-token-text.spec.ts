import { describe, expect, it } from 'vitest';
import { isPersonalToken, newPersonalToken } from '../../../src/users/personal-token-text.js';

describe('personal access tokens', () => {
  it('are known by their prefix and hold together', () => {
    const token = newPersonalToken();
    expect(token).toMatch(/^assay_pat_[0-9a-f]{72}$/);
    expect(isPersonalToken(token)).toBe(true);
    expect(newPersonalToken()).not.toBe(token);
  });

  it('are told from texts that only look like them', () => {
    const token = newPersonalToken();
    const flipped = token.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    for (const other of ['', 'assay_pat_', flipped, `${token}0`, token.toUpperCase(), token.slice(0, -1)]) {
      expect(isPersonalToken(other)).toBe(false);
    }
  });
});
