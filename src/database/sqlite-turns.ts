import { AsyncResource } from 'node:async_hooks';
import { setImmediate as endOfLoopTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { isRetryable } from './database-errors.js';
import { leaveFailedTransaction } from './sqlite-recovery.js';
import { runOnSqlite } from './sqlite-statements.js';
import type { SqliteWriter } from './sqlite-writer.js';

/** A transaction that others wait for lasts no longer than so many pieces of work. */
const MOST_TOGETHER = 50;

type Work<T> = (manager: EntityManager) => Promise<T>;

interface Outcome {
  /** The error that the work failed with, if it did. */
  readonly failure: { readonly error: unknown } | null;
  /** Tells whoever asked for the work, once the commit is durable. */
  readonly tell: () => void;
  /** Tells them that it may not be. */
  readonly refuse: (error: unknown) => void;
}

interface Turn {
  /** Does the work, in the asynchronous context of whoever asked for it. Never rejects. */
  readonly attempt: (manager: EntityManager) => Promise<Outcome>;
  /** Does the work in a transaction of its own, and has what came of it told. Never rejects. */
  readonly alone: () => Promise<void>;
}

/**
 * Lets transactions on SQLite take turns, and commits those that wait at the same time together. Each piece of work has a
 * savepoint, so that one that fails takes nothing of the others with it. Should the commit fail, or SQLite give the transaction
 * up in the middle, then nothing was done, and each is done again in a transaction of its own. Nobody is told anything before
 * the disk has the commit, and those who come meanwhile are the next group.
 */
export class SqliteTurns {
  private readonly waiting: Turn[] = [];
  private idle: Promise<void> | undefined;

  /**
   * @param writer its connection is asked for in turn
   * @param runAlone does a piece of work in a transaction of its own
   */
  constructor(
    private readonly writer: Pick<SqliteWriter, 'open' | 'flush'>,
    private readonly runAlone: <T>(work: Work<T>, dataSource: DataSource) => Promise<T>,
  ) {}

  /** Does the work in turn; resolves when it is committed, rejects as the work does, or the commit. */
  run<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({
        attempt: AsyncResource.bind((manager: EntityManager) => attempt(work, manager, resolve, reject)),
        alone: AsyncResource.bind(() => this.doAlone(work, resolve, reject)),
      });
      this.idle ??= this.takeTurns();
    });
  }

  /** Resolves when nothing waits any more, and everybody has been told. */
  async whenIdle(): Promise<void> {
    await this.idle;
  }

  private async takeTurns(): Promise<void> {
    while (this.waiting.length > 0) {
      // Whoever is about to ask, since what they waited for has come in the same turn of the event loop, joins.
      await endOfLoopTurn();
      const group = this.waiting.splice(0, MOST_TOGETHER);
      const areDone = group.length > 1 && (await this.commitTogether(group));
      if (!areDone) for (const turn of group) await turn.alone();
    }
    this.idle = undefined;
  }

  /** False: nothing was committed, and nobody told anything. */
  private async commitTogether(group: readonly Turn[]): Promise<boolean> {
    let dataSource: DataSource | undefined;
    let outcomes: readonly Outcome[];
    try {
      dataSource = await this.writer.open();
      outcomes = await dataSource.transaction((manager) => attemptAll(group, manager));
    } catch {
      // Whatever it was, it concerns one of them at least, who will meet it again and hear of it.
      if (dataSource !== undefined) await leaveFailedTransaction(dataSource);
      return false;
    }
    await this.tellAll(outcomes);
    return true;
  }

  /** Never rejects. */
  private async tellAll(outcomes: readonly Outcome[]): Promise<void> {
    try {
      await this.writer.flush();
    } catch (error) {
      for (const { refuse } of outcomes) refuse(error);
      return;
    }
    for (const { tell } of outcomes) tell();
  }

  private async doAlone<T>(
    work: Work<T>,
    resolve: (value: T) => void,
    refuse: (error: unknown) => void,
  ): Promise<void> {
    try {
      const value = await this.runAlone(work, await this.writer.open());
      await this.tellAll([{ failure: null, tell: () => resolve(value), refuse }]);
    } catch (error) {
      refuse(error);
    }
  }
}

async function attempt<T>(
  work: Work<T>,
  manager: EntityManager,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Promise<Outcome> {
  try {
    const value = await work(manager);
    return { failure: null, tell: () => resolve(value), refuse: reject };
  } catch (error) {
    return { failure: { error }, tell: () => reject(error), refuse: reject };
  }
}

/** @throws Error when one of them must be done again, or the transaction is over already: all are done again then */
async function attemptAll(group: readonly Turn[], manager: EntityManager): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const turn of group) {
    runOnSqlite(manager, 'SAVEPOINT turn');
    const outcome = await turn.attempt(manager);
    if (outcome.failure !== null) {
      if (isRetryable(outcome.failure.error)) throw outcome.failure.error;
      runOnSqlite(manager, 'ROLLBACK TO turn');
    }
    // Fails where SQLite has rolled everything back by itself.
    runOnSqlite(manager, 'RELEASE turn');
    outcomes.push(outcome);
  }
  return outcomes;
}
