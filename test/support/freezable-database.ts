import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { Cleanup } from '../../scripts/lib/cleanup.mjs';
import { mariadb } from '../../scripts/lib/servers/mariadb.mjs';
import { postgres } from '../../scripts/lib/servers/postgres.mjs';

/** A database on a server of its own, whose processes can be stopped where they stand. */
export interface FreezableDatabase {
  readonly url: string;
  /** From now on it says nothing more, on connections old and new, which all stay open. */
  freeze(): Promise<void>;
  /** It goes on as if nothing had been. Harmless when it is not frozen. */
  thaw(): void;
  remove(): Promise<void>;
}

const SERVERS = { mariadb, postgres } as const;
const PROCESSES_OF = { mariadb: mariadbProcesses, postgres: postgresProcesses } as const;

export async function startFreezableDatabase(kind: 'mariadb' | 'postgres'): Promise<FreezableDatabase> {
  const cleanup = new Cleanup();
  const server = SERVERS[kind];
  let frozen: readonly number[] = [];
  const thaw = (): void => {
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    frozen = [];
  };
  try {
    const running = await server.startPrivate(cleanup);
    await server.createDatabase(running, 'assay');
    const url = server.url(running, 'assay');
    return {
      url,
      freeze: async () => {
        frozen = await PROCESSES_OF[kind](url);
        for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      },
      thaw,
      remove: () => {
        thaw();
        return cleanup.run();
      },
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function mariadbProcesses(url: string): Promise<readonly number[]> {
  const { hostname: host, port, username: user } = new URL(url);
  const connection = await createConnection({ host, port: Number(port), user });
  try {
    const [rows] = await connection.query('SELECT @@pid_file AS file');
    return [await pidIn(String((rows as { file: string }[])[0]?.file))];
  } finally {
    connection.destroy();
  }
}

/** PostgreSQL has a process for each connection, and others that do its housework. */
async function postgresProcesses(url: string): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: settings } = await client.query<{ folder: string }>(
      `SELECT current_setting('data_directory') AS folder`,
    );
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    const first = await pidIn(join(String(settings[0]?.folder), 'postmaster.pid'));
    return [first, ...rows.map(({ pid }) => pid)];
  } finally {
    await client.end();
  }
}

async function pidIn(file: string): Promise<number> {
  const pid = Number.parseInt(await readFile(file, 'utf8'), 10);
  if (!(pid > 1)) throw new Error(`The server's file ${file} names no process.`);
  return pid;
}
