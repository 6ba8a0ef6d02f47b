import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

interface SigningKey {
  /** Short hash of the key, sent as `kid`. */
  readonly id: string;
  readonly key: KeyObject;
  readonly refreshKey: Buffer;
  readonly boxKey: KeyObject;
}

function toSigningKey(secret: string): SigningKey {
  const bytes = Buffer.from(secret, 'utf8');
  return {
    id: createHash('sha256').update('assay key id').update(bytes).digest('base64url').slice(0, 12),
    // Made once: from a string secret each verification would cost thirty times as much.
    key: createSecretKey(bytes),
    refreshKey: createHmac('sha256', bytes).update('assay refresh tokens').digest(),
    boxKey: createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', 'assay secret box', 32))),
  };
}

/** The server's secrets as keys, newest first: the first signs, all verify. */
export class SigningKeys {
  private readonly keys: readonly [SigningKey, ...SigningKey[]];

  /** @throws Error when there is no secret at all. */
  constructor(secrets: readonly string[]) {
    const [first, ...older] = secrets;
    if (first === undefined) throw new Error('There is no key to sign access tokens with: set JWT_SECRET.');
    this.keys = [toSigningKey(first), ...older.map(toSigningKey)];
  }

  /** The key that signs, and its id. */
  get newest(): Pick<SigningKey, 'id' | 'key'> {
    return this.keys[0];
  }

  /** The key that an access token says it was signed with; null when it is none of ours. */
  find(id: string): KeyObject | null {
    return this.keys.find((one) => one.id === id)?.key ?? null;
  }

  /** The key that seals what is kept in the database, and its id. */
  get newestBoxKey(): Pick<SigningKey, 'id' | 'boxKey'> {
    return this.keys[0];
  }

  /** The key that something was sealed with; null when it is none of ours. */
  findBoxKey(id: string): KeyObject | null {
    return this.keys.find((one) => one.id === id)?.boxKey ?? null;
  }

  /**
   * The secrets that follow from another one, one for each key, newest first. Nobody without a key can tell them, and the
   * same input always gives the same ones.
   */
  derive(secret: string): readonly [string, ...string[]] {
    const [newest, ...older] = this.keys;
    const from = ({ refreshKey }: SigningKey): string =>
      createHmac('sha256', refreshKey).update(secret).digest('base64url');
    return [from(newest), ...older.map(from)];
  }
}
