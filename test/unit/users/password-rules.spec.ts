import { describe, expect, it } from 'vitest';
import { guessableFault } from '../../../src/users/password-rules.js';

describe('passwords that are refused', () => {
  it.each([
    'password',
    'Password1',
    '12345678',
    'iloveyou',
    'QWERTYUIOP',
    'football12',
    'trustno1!',
    'aaaaaaaa',
    '1212121212',
  ])('%s, which is tried first', (password) =>
    expect(guessableFault(password, 'ada@example.org')).toMatch(/tried first/),
  );

  it.each(['ada.lovelace@example.org', 'Ada.Lovelace', ' ada.lovelace@example.org '])(
    '%s, the own address',
    (password) => expect(guessableFault(password, 'ada.lovelace@example.org')).toMatch(/e-mail address/),
  );

  it.each(['correct horse', 'a brand new one', 'Zo\u00eb’s pa\u00dfword', 'x9!kk2#m'])('%s is taken', (password) =>
    expect(guessableFault(password, 'ada@example.org')).toBeNull(),
  );
});
