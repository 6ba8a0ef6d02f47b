import { dictionary } from '@zxcvbn-ts/language-common';
import { DomainError } from '../errors/domain-error.js';

/** Shorter ones are refused for their length. */
const SHORTEST = 8;

/** Passwords that everybody tries first, from leaks: some ten thousand of them. */
const COMMON: ReadonlySet<string> = new Set(
  (dictionary['passwords-common'] ?? []).map(String).filter((password) => password.length >= SHORTEST),
);

/** Why somebody else would guess the password, as the end of a sentence about it; null where nobody would at once. */
export function guessableFault(password: string, email: string): string | null {
  const typed = password.trim().toLowerCase();
  if (typed === email || typed === email.split('@', 1)[0]) return 'must not be your e-mail address';
  // With a digit or two behind it, a common one stays one.
  const variants = [typed, typed.replace(/[\d!.]$/, ''), typed.replace(/[\d!.]{2}$/, '')];
  if (variants.some((variant) => COMMON.has(variant)) || new Set(typed).size < 3) {
    return 'is one of the passwords that are tried first: choose something longer that nobody else would';
  }
  return null;
}

/** @throws DomainError `invalid` for a password that would be guessed, by whoever knows the address or by anyone. */
export function refuseGuessablePassword(password: string, email: string, path = '/password'): void {
  const message = guessableFault(password, email);
  if (message !== null) throw DomainError.invalid([{ path, message }]);
}
