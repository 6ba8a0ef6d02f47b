import type { Readable } from 'node:stream';

/**
 * Keeps blobs by key. Keys are made by us (`submissions/<id>.tar`), never from what a user sent.
 */
export abstract class FileStorage {
  /**
   * Stores a blob. When it resolves the blob is durable and whole; a crash before leaves nothing under the key.
   *
   * @throws DomainError `storage_full` when there is no room, `unavailable` when the storage cannot be reached.
   */
  abstract put(key: string, content: Buffer): Promise<void>;

  /** @throws DomainError `not_found` when there is no such blob, `unavailable` when the storage cannot be reached. */
  abstract get(key: string): Promise<Buffer>;

  /**
   * The blob as a stream, so that its size costs no memory. Whoever asks for it reads it to its end or destroys it; what
   * fails on the way is an error of the stream.
   *
   * @throws DomainError `not_found` when there is no such blob, `unavailable` when the storage cannot be reached.
   */
  abstract open(key: string): Promise<Readable>;

  /** Harmless when there is no such blob. */
  abstract delete(key: string): Promise<void>;

  /**
   * The keys directly below a folder (`submissions`), in no order; none when there is no such folder. Blobs that come or go
   * meanwhile may be missing or not.
   *
   * @throws DomainError `unavailable` when the storage cannot be reached.
   */
  abstract list(folder: string): AsyncIterable<string>;
}
