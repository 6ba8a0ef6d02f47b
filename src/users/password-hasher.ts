import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Turnstile } from './turnstile.js';

/** Argon2id as OWASP's password storage sheet asks for: 19 MiB, two passes; about 12 ms. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The same password typed on two systems may be composed differently (RFC 8265, section 4.2). */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'), 'utf8');
}

/** Whether a hash is weaker than what is made today. */
export function isOutdated(passwordHash: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
  return memoryCost < PARAMETERS.memoryCost || timeCost < PARAMETERS.timeCost || parallelism < PARAMETERS.parallelism;
}

/**
 * Makes and checks password hashes. At most half of the cores hash at a time, so that a flood of sign-ins (the cheapest
 * attack on any API) leaves the others to everyone else.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly turnstile = new Turnstile({
    places: Math.max(1, Math.floor(availableParallelism() / 2)),
    mostWaiting: 200,
  });
  private nobodysHash: string | undefined;

  async onModuleInit(): Promise<void> {
    this.nobodysHash = await this.hash(randomBytes(32).toString('base64url'));
  }

  /**
   * @returns a PHC string
   * @throws DomainError `unavailable` (`busy`) when too many are waiting
   */
  hash(password: string): Promise<string> {
    return this.turnstile.run(() => hash(bytesOf(password), PARAMETERS));
  }

  /**
   * Takes as long for an account that does not exist or has no password (null), so that the time does not tell.
   *
   * @throws DomainError `unavailable` (`busy`) when too many are waiting
   */
  async matches(passwordHash: string | null, password: string): Promise<boolean> {
    const against = passwordHash ?? this.nobodysHash;
    if (against === undefined) throw new Error('The password hasher was used before the application had started.');
    const matches = await this.turnstile.run(() => verify(against, bytesOf(password)));
    return matches && passwordHash !== null;
  }
}
