import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isRetryable } from './database-errors.js';
import { leaveFailedTransaction } from './sqlite-recovery.js';
import { SqliteTurns } from './sqlite-turns.js';
import { SqliteWriter } from './sqlite-writer.js';

const MOST_TRIES = 5;

interface OpenTransaction {
  open: boolean;
}

const current = new AsyncLocalStorage<OpenTransaction>();

/** True while the caller runs inside `Transactions.run`; the write guard asks this. */
export function isInTransaction(): boolean {
  return current.getStore()?.open === true;
}

/**
 * The one door for writes. Everything that `work` does through the manager it is given is committed together or not at
 * all; when `run` resolves, it is durable.
 *
 * TypeORM holds a single SQLite connection, which overlapping transactions would share: a write beside a failing one would
 * be reported done and then rolled back, and reads would see half of what is not committed yet. So on SQLite transactions
 * have a connection to themselves, on which callers take turns (`SqliteTurns`); on servers each gets one of its own.
 * Isolation is READ COMMITTED on servers (a statement after a lock sees what the former holder wrote) and serialised on
 * SQLite.
 *
 * `work` may run several times, since a deadlock's victim is tried again; so it must do nothing but SQL. Never nest
 * `run`: pass the manager down (nesting throws, as on SQLite it would wait for itself).
 */
@Injectable()
export class Transactions implements OnApplicationShutdown {
  private readonly isSqlite: boolean;
  private readonly sqliteWriter: SqliteWriter;
  private readonly turns: SqliteTurns;

  constructor(private readonly dataSource: DataSource) {
    this.isSqlite = dataSource.options.type === 'better-sqlite3';
    this.sqliteWriter = new SqliteWriter(dataSource);
    this.turns = new SqliteTurns(this.sqliteWriter, (work, writer) => this.runWithRetries(work, writer));
  }

  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (isInTransaction()) {
      throw new Error('Transactions.run was called inside a transaction: pass its manager down instead.');
    }
    return this.isSqlite ? this.turns.run((manager) => asTransaction(() => work(manager))) : this.runWithRetries(work);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.turns.whenIdle();
    await this.sqliteWriter.close();
  }

  private async runWithRetries<T>(
    work: (manager: EntityManager) => Promise<T>,
    dataSource = this.dataSource,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (this.isSqlite
          ? dataSource.transaction(work)
          : asTransaction(() => dataSource.transaction('READ COMMITTED', work)));
      } catch (error) {
        if (this.isSqlite) await leaveFailedTransaction(dataSource);
        if (attempt >= MOST_TRIES || !isRetryable(error)) throw error;
        await pause(Math.random() * 20 * attempt);
      }
    }
  }
}

/** Runs something that makes up a transaction; while it does, `isInTransaction` is true for all that it calls. */
async function asTransaction<T>(run: () => Promise<T>): Promise<T> {
  const transaction: OpenTransaction = { open: true };
  try {
    return await current.run(transaction, run);
  } finally {
    transaction.open = false;
  }
}
