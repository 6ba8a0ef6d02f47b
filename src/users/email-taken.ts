import { DomainError } from '../errors/domain-error.js';

export function emailTaken(): DomainError {
  return new DomainError(
    'conflict',
    'email_taken',
    'There is an account with this e-mail address already: sign in instead.',
  );
}
