import { DomainError } from '../errors/domain-error.js';

/** @throws DomainError `invalid` when whoever knows the address would guess the password. */
export function refuseGuessablePassword(password: string, email: string, path = '/password'): void {
  if (password.trim().toLowerCase() === email) {
    throw DomainError.invalid([{ path, message: 'must not be your e-mail address' }]);
  }
}
