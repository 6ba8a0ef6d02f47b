import { hash } from '@node-rs/argon2';
import { beforeAll, describe, expect, it } from 'vitest';
import { isOutdated, PasswordHasher } from '../../../src/users/password-hasher.js';

describe('the password hasher', () => {
  const passwords = new PasswordHasher();
  beforeAll(() => passwords.onModuleInit());

  it('makes argon2id hashes with today’s parameters, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(two).not.toBe(one);
    expect(isOutdated(one)).toBe(false);
  });

  it('knows the right password from a wrong one', async () => {
    const made = await passwords.hash('correct horse');
    expect(await passwords.matches(made, 'correct horse')).toBe(true);
    expect(await passwords.matches(made, 'Correct horse')).toBe(false);
    expect(await passwords.matches(made, '')).toBe(false);
  });

  it('never cuts a password short', async () => {
    const long = 'x'.repeat(127);
    expect(await passwords.matches(await passwords.hash(`${long}a`), `${long}b`)).toBe(false);
  });

  it('matches nothing where there is no account', async () => {
    expect(await passwords.matches(null, 'correct horse')).toBe(false);
  });

  it('takes composed and decomposed letters for the same', async () => {
    expect(await passwords.matches(await passwords.hash('Zoë'.normalize('NFC')), 'Zoë'.normalize('NFD'))).toBe(true);
  });

  it('finds hashes with weaker parameters outdated', async () => {
    const weaker = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
    expect(isOutdated(await hash('x', { ...weaker, memoryCost: 9_216 }))).toBe(true);
    expect(isOutdated(await hash('x', { ...weaker, timeCost: 1 }))).toBe(true);
    expect(isOutdated(await hash('x', { ...weaker, timeCost: 3 }))).toBe(false);
  });
});
