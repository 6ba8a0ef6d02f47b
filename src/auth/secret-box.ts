import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SigningKeys } from './signing-keys.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what has to be kept and read again, so that a copy of the database alone tells nobody: AES-256-GCM with a key that
 * follows from the server's secret. When secrets are rotated, the newest seals and all open.
 */
@Injectable()
export class SecretBox {
  constructor(private readonly keys: SigningKeys) {}

  /** @param place what is sealed and for what, such as `mail ID`: it opens there and nowhere else */
  seal(place: string, text: string): string {
    const { id, boxKey } = this.keys.newestBoxKey;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, boxKey, iv).setAAD(Buffer.from(place, 'utf8'));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${id}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
  }

  /** Null where it was sealed with a key that is not known any more, for another place, or not by us. */
  open(place: string, sealed: string): string | null {
    const [id = '', encoded = ''] = sealed.split('.', 2);
    const key = this.keys.findBoxKey(id);
    const bytes = Buffer.from(encoded, 'base64url');
    if (key === null || bytes.length < IV_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(place, 'utf8'))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return text.toString('utf8');
    } catch {
      // The tag does not fit: changed, or of another place.
      return null;
    }
  }

  /** Whether it should be sealed again, since the key that it was sealed with is on its way out. */
  isOutdated(sealed: string): boolean {
    return sealed.split('.', 1)[0] !== this.keys.newestBoxKey.id;
  }
}
