import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import { LoginAttempts } from './login-attempts.js';
import { PasswordHasher } from './password-hasher.js';
import { User } from './user.entity.js';

/** Somebody has shown that they know the password of their account. */
export interface KnownOwner {
  /** As they were when the password was looked at. */
  readonly user: User;
  readonly attempt: string;
}

/** Asks for the password of whoever is signed in already: an access token that was left lying about must not be enough. */
@Injectable()
export class OwnPassword {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly passwords: PasswordHasher,
    private readonly attempts: LoginAttempts,
  ) {}

  /**
   * Counts as a sign-in that failed until {@link accept} says otherwise.
   *
   * @throws DomainError `invalid` (`current_password_wrong`), `limit_exceeded` (`too_many_attempts`)
   */
  async require(userId: string, currentPassword: string, client: Client): Promise<KnownOwner> {
    const user = await this.users.findOneBy({ id: userId });
    if (user === null) throw DomainError.notFound('user');
    const attempt = await this.attempts.begin(user.email, user.id, client);
    if (!(await this.passwords.matches(user.passwordHash, currentPassword))) {
      throw wrongCurrentPassword('is not your current password');
    }
    return { user, attempt };
  }

  /** In the transaction of what the password was asked for. */
  accept(manager: EntityManager, { attempt }: KnownOwner): Promise<void> {
    return this.attempts.succeeded(manager, attempt);
  }
}

export function wrongCurrentPassword(message: string): DomainError {
  return DomainError.invalid([{ path: '/currentPassword', message }], 'current_password_wrong');
}
