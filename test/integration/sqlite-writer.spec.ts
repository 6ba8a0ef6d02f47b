import { DataSource, EntitySchema } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { SqliteTurns } from '../../src/database/sqlite-turns.js';
import { SqliteWriter } from '../../src/database/sqlite-writer.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';

interface Note {
  id: number;
}

const NoteSchema = new EntitySchema<Note>({ name: 'note', columns: { id: { type: 'int', primary: true } } });

/** What the disk was asked for and has not answered. */
interface Request {
  readonly take: () => void;
  readonly refuse: () => void;
}

describe('SqliteWriter', () => {
  let database: TemporaryDatabase;
  let readers: DataSource;
  let writer: SqliteWriter;
  let turns: SqliteTurns;
  let requests: Request[];

  beforeEach(async () => {
    database = await createTemporaryDatabase();
    readers = createDataSource({ databaseUrl: database.url, databaseDialect: 'sqlite', databasePoolSize: 1 }, [
      NoteSchema,
    ]);
    await readers.initialize();
    await readers.query('CREATE TABLE note (id int PRIMARY KEY)');
    requests = [];
    writer = new SqliteWriter(
      readers,
      () =>
        new Promise((resolve, reject) =>
          requests.push({ take: resolve, refuse: () => reject(new Error('the disk is broken')) }),
        ),
    );
    turns = new SqliteTurns(writer, (work, source) => source.transaction(work));
  });
  afterEach(async () => {
    await writer.close();
    await readers.destroy();
    await database.drop();
  });

  const write = (id: number): { readonly done: Promise<void>; state: string } => {
    const written = {
      state: 'waiting',
      done: turns
        .run(async (manager) => void (await manager.insert(NoteSchema, { id })))
        .then(
          () => void (written.state = 'done'),
          (error: unknown) => void (written.state = error instanceof Error ? error.message : 'no error'),
        ),
    };
    return written;
  };
  const requested = (count: number): Promise<unknown> => waitFor(() => requests.length >= count);
  const answer = (how: keyof Request): void => requests.shift()?.[how]();

  it('tells nobody of a commit before the disk has it, whether it was made alone or together with others', async () => {
    const alone = write(1);
    await requested(1);
    const together = [write(2), write(3)];
    // Committed, as others may see.
    expect(await readers.getRepository(NoteSchema).count()).toBe(1);
    expect([alone, ...together].map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    answer('take');
    await alone.done;
    expect(together.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await requested(1);
    expect(await readers.getRepository(NoteSchema).count()).toBe(3);
    expect(together.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    answer('take');
    await Promise.all(together.map(({ done }) => done));
    expect(together.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('tells of a flush that failed, and brings what is in doubt into the database before it writes again', async () => {
    const first = write(1);
    await requested(1);
    answer('refuse');
    await first.done;
    expect(first.state).toBe('the disk is broken');
    const second = write(2);
    await requested(1);
    // Nothing but this last commit is in the log: what was there has been written back.
    const [{ log }] = (await readers.query('PRAGMA wal_checkpoint(PASSIVE)')) as [{ log: number }];
    expect(log).toBeLessThanOrEqual(2);
    answer('take');
    await second.done;
    expect(second.state).toBe('done');
  });

  it('refuses to write while what is in doubt cannot be brought into the database', async () => {
    await (await writer.open()).query('PRAGMA busy_timeout = 0');
    const first = write(1);
    await requested(1);
    answer('refuse');
    await first.done;
    const other = await new DataSource(readers.options).initialize();
    await other.query('BEGIN');
    // Reads from the log, which must be left as it is meanwhile.
    await other.query('SELECT * FROM note');
    const second = write(2);
    await second.done;
    expect(second.state).toContain('could not be flushed');
    await other.query('COMMIT');
    await other.destroy();
    const third = write(3);
    await requested(1);
    answer('take');
    await third.done;
    expect(third.state).toBe('done');
    expect(await readers.getRepository(NoteSchema).find({ order: { id: 'ASC' } })).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it('is told when it is idle only after everybody was', async () => {
    const last = write(1);
    await requested(1);
    let isIdle = false;
    const idle = turns.whenIdle().then(() => (isIdle = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIdle).toBe(false);
    answer('take');
    await idle;
    expect(last.state).toBe('done');
  });
});
