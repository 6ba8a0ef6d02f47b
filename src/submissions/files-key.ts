import { validate, version } from 'uuid';

/** Key under which the storage keeps the files of a submission. */
export function filesKeyOf(submissionId: string): string {
  return `submissions/${submissionId}.tar`;
}

/** The submission that a key of the storage is of; null for a key that `filesKeyOf` did not make. */
export function submissionIdOfFilesKey(key: string): string | null {
  const id = /^submissions\/([0-9a-f-]{36})\.tar$/.exec(key)?.[1];
  return id !== undefined && validate(id) && version(id) === 7 ? id : null;
}

/** When a UUIDv7 was made: its first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7). */
export function instantOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
