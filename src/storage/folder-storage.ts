import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { DomainError } from '../errors/domain-error.js';
import { FileStorage } from './file-storage.js';
import { SharedFlush } from './shared-flush.js';

/** Names of letters, digits, `-` and `.`, none of which begins with a dot: no key leaves the folder or hides in it. */
const KEY = /^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)*$/i;
const MOST_KEY_CHARACTERS = 200;

/** Where blobs are written before they get their name; on the same file system, since a rename must be one step. */
const INCOMING = '.incoming';
/** No write takes this long: what is older was left by a process that died. */
const ABANDONED_MS = 3_600_000;

const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Keeps blobs as files of one folder, which several processes may share. A blob is written beside, flushed, and then
 * renamed, so that a file under its key is always whole, and survives a power cut once `put` has resolved.
 */
@Injectable()
export class FolderStorage extends FileStorage implements OnApplicationBootstrap {
  private readonly logger = new Logger(FolderStorage.name);
  private readonly folder: string;
  /** Names of blobs that come at the same time are made durable together. */
  private readonly flush = new SharedFlush(flushFolder);
  /** Folders that this process has made durable already. */
  private readonly madeFolders = new Set<string>();

  constructor(environment: Environment) {
    super();
    this.folder = resolve(environment.storageFolder);
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.removeAbandoned();
    } catch (error) {
      this.logger.warn({ err: error }, 'Abandoned uploads could not be looked for');
    }
  }

  override async put(key: string, content: Buffer): Promise<void> {
    const file = this.fileOf(key);
    const incoming = join(this.folder, INCOMING, randomUUID());
    try {
      await this.makeFolder(dirname(incoming));
      await this.makeFolder(dirname(file));
      await writeDurably(incoming, content);
      await rename(incoming, file);
      await this.flush.run(dirname(file));
    } catch (error) {
      // The folder may have been taken away under us: look again next time.
      this.madeFolders.clear();
      await rm(incoming, { force: true }).catch((cause: unknown) => {
        this.logger.warn({ err: cause }, 'An abandoned upload could not be removed');
      });
      throw this.refusal(error, 'write');
    }
  }

  override async get(key: string): Promise<Buffer> {
    const file = this.fileOf(key);
    try {
      return await readFile(file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw DomainError.notFound('file');
      throw this.refusal(error, 'read');
    }
  }

  override async open(key: string): Promise<Readable> {
    const file = this.fileOf(key);
    try {
      const handle = await open(file, 'r');
      return handle.createReadStream();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw DomainError.notFound('file');
      throw this.refusal(error, 'read');
    }
  }

  override async delete(key: string): Promise<void> {
    const file = this.fileOf(key);
    try {
      await rm(file, { force: true });
    } catch (error) {
      throw this.refusal(error, 'delete');
    }
  }

  override async *list(folder: string): AsyncGenerator<string, void, undefined> {
    try {
      for await (const name of await opendir(this.fileOf(folder))) if (name.isFile()) yield `${folder}/${name.name}`;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw this.refusal(error, 'list');
    }
  }

  private fileOf(key: string): string {
    if (!KEY.test(key) || key.length > MOST_KEY_CHARACTERS) {
      throw new Error('A storage key must have names of letters, digits, "-" and ".", separated by "/".');
    }
    return join(this.folder, key);
  }

  private async makeFolder(folder: string): Promise<void> {
    if (this.madeFolders.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    // Names of folders must be durable as well: those made here, and those that another process may have made just now.
    const top = first === undefined ? this.folder : dirname(first);
    for (let made = folder; made !== top; made = dirname(made)) await flushFolder(dirname(made));
    this.madeFolders.add(folder);
  }

  private async removeAbandoned(): Promise<void> {
    const incoming = join(this.folder, INCOMING);
    const names = await readdir(incoming).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    const oldest = Date.now() - ABANDONED_MS;
    for (const name of names) {
      const file = join(incoming, name);
      const age = await stat(file).catch(() => null);
      if (age !== null && age.mtimeMs < oldest) await rm(file, { force: true });
    }
  }

  /** The cause goes to the log here: a refusal tells the outside neither path nor code. */
  private refusal(error: unknown, action: string): DomainError {
    this.logger.error({ err: error, action }, 'The storage of submission files failed');
    if (FULL_CODES.has(codeOf(error))) {
      return new DomainError(
        'storage_full',
        'storage_full',
        'There is no room left to store this. Tell the operator.',
        {
          cause: error,
        },
      );
    }
    return new DomainError(
      'unavailable',
      'storage_unavailable',
      'The storage for files cannot be used at the moment. Try again in a moment.',
      { retryAfterSeconds: 5, cause: error },
    );
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

async function writeDurably(file: string, content: Buffer): Promise<void> {
  const handle: FileHandle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder durable. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
