import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): unique, and later ones sort after earlier ones of the same process. */
export function newId(): string {
  return v7();
}
