import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { SqlResult } from '../../grading/sql/sql-run.js';
import type { SqlValue } from '../../grading/sql/sql-value.js';
import { countedSocket, type CountedSocket } from './server-socket.js';
import {
  ConnectionLost,
  type ResultBudget,
  ResultTooLarge,
  type SqlConnection,
  type SqlLogin,
  SqlRefusal,
} from './sql-connection.js';

/** Numbers of types, which no release of PostgreSQL changes (`pg_type.dat`). */
const BOOLEAN = 16;
const BYTEA = 17;
const INTEGERS: ReadonlySet<number> = new Set([20, 21, 23, 26]);
const REALS: ReadonlySet<number> = new Set([700, 701]);
const NUMERIC = 1700;

const SPECIAL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

const SYNTAX_ERROR = '42601';
const MEMORY_ERROR = '53200';
const CANCELLED = '57014';

/** Values as the server writes them. */
const AS_WRITTEN = { getTypeParser: () => (text: string) => text };

/**
 * Connects to PostgreSQL. Each statement goes as one that is parsed by itself: what holds two is refused by the server.
 *
 * @throws ConnectionLost, SqlRefusal
 */
export async function connectPostgres(stream: Duplex, login: SqlLogin, mostBytes: number): Promise<SqlConnection> {
  const counted = countedSocket(stream, mostBytes);
  const client = new pg.Client({
    user: login.user,
    password: login.password,
    database: login.database ?? 'postgres',
    host: '127.0.0.1',
    ssl: false,
    stream: () => counted.socket,
  });
  // What waits for an answer hears of it by itself.
  client.on('error', () => counted.socket.destroy());
  const connecting = client.connect();
  counted.count();
  const closed = new Promise<never>((_resolve, reject) => {
    counted.socket.once('close', () => reject(new ConnectionLost('The server closed the connection.')));
  });
  try {
    await Promise.race([connecting, closed]);
  } catch (error) {
    throw faultOf(error, counted, null, '');
  }
  closed.catch(() => undefined);
  return new PostgresConnection(client, counted);
}

class PostgresConnection implements SqlConnection {
  constructor(
    private readonly client: pg.Client,
    private readonly counted: CountedSocket,
  ) {}

  run(statement: string, budget: ResultBudget): Promise<readonly SqlResult[]> {
    return new Promise((resolve, reject) => {
      const { socket } = this.counted;
      if (socket.destroyed) {
        reject(faultOf(null, this.counted, null, statement));
        return;
      }
      let tooLarge: ResultTooLarge | null = null;
      const rows: (readonly SqlValue[])[] = [];
      const onClose = (): void => reject(faultOf(null, this.counted, tooLarge, statement));
      socket.once('close', onClose);
      const config = { text: statement, rowMode: 'array', queryMode: 'extended', types: AS_WRITTEN };
      const query = this.client.query(new pg.Query<unknown[]>(config));
      query.on('row', (row, result) => {
        if (tooLarge !== null) return;
        const values = (result?.fields ?? []).map(({ dataTypeID }, index) => valueOf(dataTypeID, row[index]));
        const limit = budget.spend(values);
        if (limit === null) rows.push(values);
        else {
          tooLarge = new ResultTooLarge(limit);
          socket.destroy();
        }
      });
      query.on('error', (error) => {
        socket.off('close', onClose);
        reject(faultOf(error, this.counted, tooLarge, statement));
      });
      query.on('end', ({ fields }) => {
        socket.off('close', onClose);
        // The end may have come in one piece with the row that was too much.
        if (tooLarge !== null) reject(tooLarge);
        else resolve(fields.length === 0 ? [] : [{ columns: fields.map(({ name }) => name), rows }]);
      });
    });
  }

  close(): void {
    this.counted.socket.destroy();
  }
}

function faultOf(error: unknown, counted: CountedSocket, tooLarge: ResultTooLarge | null, statement: string): Error {
  if (tooLarge !== null) return tooLarge;
  if (counted.isOver()) return new ResultTooLarge('output_limit');
  const isRefusal = error instanceof pg.DatabaseError && error.severity !== 'FATAL' && error.severity !== 'PANIC';
  if (!isRefusal) {
    const message = error instanceof Error ? error.message : 'The server closed the connection.';
    return new ConnectionLost(message, { cause: error });
  }
  const { code, position, message, detail, hint } = error;
  const what =
    code === SYNTAX_ERROR ? 'syntax' : code === MEMORY_ERROR ? 'memory' : code === CANCELLED ? 'time' : 'other';
  const said = [message, detail, hint].filter((part) => part !== undefined && part !== '').join('\n');
  return new SqlRefusal(said, position === undefined ? null : lineOf(statement, Number(position)), what);
}

/** @param position in characters, from 1. */
function lineOf(statement: string, position: number): number {
  return (
    Array.from(statement)
      .slice(0, position - 1)
      .filter((character) => character === '\n').length + 1
  );
}

function valueOf(type: number, cell: unknown): SqlValue {
  if (cell === null || cell === undefined) return null;
  // Never: AS_WRITTEN leaves texts.
  if (typeof cell !== 'string') return { type: 'text', value: JSON.stringify(cell) };
  if (INTEGERS.has(type)) return { type: 'integer', value: cell };
  if (type === BOOLEAN) return { type: 'boolean', value: cell === 't' };
  if (type === NUMERIC || REALS.has(type)) {
    const special = SPECIAL_NUMBERS.get(cell);
    if (special !== undefined) return { type: 'real', value: special };
    return type === NUMERIC ? { type: 'decimal', value: cell } : { type: 'real', value: Number(cell) };
  }
  // The other way of writing bytes is for a session that asked for it; it then gets what it asked for.
  if (type === BYTEA && cell.startsWith('\\x')) return { type: 'blob', value: cell.slice(2) };
  return { type: 'text', value: cell };
}
