import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import type { Duplex } from 'node:stream';

/** Keys of all services that Assay knows, whether this machine has them or not. */
export const SERVICE_KEYS = ['redis', 'mysql', 'postgres', 'mongodb', 'couchdb'] as const;

export type ServiceKey = (typeof SERVICE_KEYS)[number];

/** Who programs of students are to a service: no secret, since they must know it. */
export const STUDENT = { user: 'student', password: 'student', database: 'app' } as const;

/** Who may do everything. The password is made anew by each worker, and no program but the service itself ever has it. */
export const ADMINISTRATOR = 'assay';

/** What differs from instance to instance. */
export interface ServiceInstance {
  readonly port: number;
  readonly adminPassword: string;
}

/** A kind of service, as its programs were found on this machine. All scripts are for `/bin/sh -c` in a working folder of their own. */
export interface FoundService {
  readonly version: string;
  /** Makes the folder `data` that every instance starts from; null where there is nothing to make. */
  readonly prepare: ((adminPassword: string) => string) | null;
  /** Becomes the server, on 127.0.0.1. */
  readonly start: (instance: ServiceInstance) => string;
  /** Fills a running instance from the file `seed`, as {@link STUDENT}; null where this machine has nothing to do it with. */
  readonly seed: ((instance: ServiceInstance) => string) | null;
}

/** One line of the table of services. */
export interface ServiceDefinition {
  readonly key: ServiceKey;
  readonly title: string;
  readonly port: number;
  /** Of one instance, its files in memory included. */
  readonly memoryMiB: number;
  /** Said where it is not there. */
  readonly missing: string;
  /** Null where it is not there. */
  readonly find: () => Promise<FoundService | null>;
  /**
   * Asks over a new connection, in the service's own protocol, whether it answers. May reject, which is a no; the caller closes the
   * connection.
   */
  readonly isReady: (connection: Duplex) => Promise<boolean>;
  /** What programs find in their environment. */
  readonly environment: (port: number) => Readonly<Record<string, string>>;
}

/** The first of `candidates`, absolute paths, that is a program. */
export async function findProgram(...candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not there: the next place may have it.
    }
  }
  return null;
}

/** The version that a program says when asked for it, or null when it does not run. */
export async function versionOf(program: string, option = '--version'): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      program,
      [option],
      { timeout: 10_000, env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' } },
      (error, stdout) => {
        resolve(error === null ? (/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? null) : null);
      },
    );
  });
}

/** Sends `question` and gives the first bytes of the answer, which may be part of it. Rejects when the other end closes. */
export async function ask(connection: Duplex, question: Buffer | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    connection.once('data', (chunk: Buffer) => resolve(chunk));
    connection.once('close', () => reject(new Error('the service closed the connection')));
    connection.once('end', () => reject(new Error('the service closed the connection')));
    if (question !== null) connection.write(question);
  });
}

/** A word for `/bin/sh`. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
