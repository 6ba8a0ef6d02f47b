import { closeSync, fdatasync, openSync } from 'node:fs';
import { DataSource } from 'typeorm';

/**
 * The connection on which all writes of an SQLite database are made, one transaction after the other.
 *
 * SQLite runs in this process's only thread, and a commit that waits for the disk would stop everything else meanwhile. So
 * here a commit only writes to the log (`synchronous = NORMAL`), and `flush` has the disk take it, as SQLite itself would at
 * the end of a commit, but beside the thread. Nobody may be told of a commit before `flush` has resolved.
 */
export class SqliteWriter {
  private source: DataSource | undefined;
  /** The file that commits are written to; null: each commit waits for the disk by itself. */
  private log: number | null = null;
  private isInDoubt = false;

  /**
   * @param readers the connection of everybody else, which is also used to write where the database is in memory
   * @param sync flushes an open file; given by tests only
   */
  constructor(
    private readonly readers: DataSource,
    private readonly sync: (file: number) => Promise<void> = flushFile,
  ) {}

  /** The connection; asked for in turn, before each transaction. @throws Error while earlier commits may be lost. */
  async open(): Promise<DataSource> {
    this.source ??= await this.connect();
    // A disk says once that it could not take something. Whatever is flushed after that may have a hole before it.
    if (this.isInDoubt) await writeBack(this.source);
    this.isInDoubt = false;
    return this.source;
  }

  /** In turn, after a commit: resolves when it is durable; rejects when it may not be. */
  async flush(): Promise<void> {
    if (this.log === null) return;
    try {
      await this.sync(this.log);
    } catch (error) {
      this.isInDoubt = true;
      throw error;
    }
  }

  /** When nobody uses it any more. */
  async close(): Promise<void> {
    const { source, log } = this;
    this.source = undefined;
    this.log = null;
    if (source !== this.readers) await source?.destroy();
    if (log !== null) closeSync(log);
  }

  private async connect(): Promise<DataSource> {
    const { options } = this.readers;
    // A database in memory is its connection's own.
    if (options.type !== 'better-sqlite3' || options.database === ':memory:') return this.readers;
    const source = await new DataSource(options).initialize();
    // Some file systems cannot share memory, which the log needs: each commit then waits by itself.
    if ((await pragma(source, 'journal_mode'))['journal_mode'] !== 'wal') return source;
    // There is one log as long as the connections are open.
    const log = openSync(`${options.database}-wal`, 'r+');
    await source.query('PRAGMA synchronous = NORMAL');
    this.log = log;
    return source;
  }
}

/** Brings all that was committed from the log into the database, durably. @throws Error when that fails. */
async function writeBack(source: DataSource): Promise<void> {
  if ((await pragma(source, 'wal_checkpoint(TRUNCATE)'))['busy'] !== 0) {
    throw new Error('The log of the database could not be flushed, and is still in use.');
  }
}

async function pragma(source: DataSource, text: string): Promise<Readonly<Record<string, unknown>>> {
  const [row]: readonly Readonly<Record<string, unknown>>[] = await source.query(`PRAGMA ${text}`);
  return row ?? {};
}

function flushFile(file: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(file, (error) => (error === null ? resolve() : reject(error))));
}
