import type { Duplex } from 'node:stream';
import { createConnection, type Connection, type FieldPacket, type QueryError } from 'mysql2';
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

/** The character set number of what is bytes and no text. */
const BINARY = 63;

const SYNTAX_ERRORS: ReadonlySet<number> = new Set([1064, 1065]);
const MEMORY_ERRORS: ReadonlySet<number> = new Set([5, 1037, 1038, 1041]);
/** Of MariaDB and of MySQL. */
const TIME_ERRORS: ReadonlySet<number> = new Set([1969, 3024]);
/** The server goes, or somebody ended the session. */
const LOST_ERRORS: ReadonlySet<number> = new Set([1053, 1927, 1317]);

/** Types of the protocol, by the numbers that they have there. */
const BIT = 16;
const GEOMETRY = 255;
/** TINYINT, SMALLINT, INT, BIGINT, MEDIUMINT and YEAR. */
const INTEGERS: ReadonlySet<number> = new Set([1, 2, 3, 8, 9, 13]);
const DECIMALS: ReadonlySet<number> = new Set([0, 246]);
const REALS: ReadonlySet<number> = new Set([4, 5]);
/** VARCHAR and CHAR, TEXT and BLOB: of which bytes are bytes, and all else text. */
const STRINGS: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254]);

/**
 * Connects to MySQL or MariaDB. Values come as bytes and are read here: nothing is rounded. The server gets no file of ours,
 * whatever it asks for, and the names of columns, which students choose, never become code.
 *
 * @throws ConnectionLost, SqlRefusal
 */
export async function connectMysql(stream: Duplex, login: SqlLogin, mostBytes: number): Promise<SqlConnection> {
  const counted = countedSocket(stream, mostBytes);
  const connection = createConnection({
    user: login.user,
    password: login.password,
    ...(login.database === null ? {} : { database: login.database }),
    stream: counted.socket,
    charset: 'utf8mb4_general_ci',
    flags: ['-LOCAL_FILES', '-MULTI_STATEMENTS'],
    disableEval: true,
    supportBigNumbers: true,
  });
  counted.count();
  // What waits for an answer hears of it by itself.
  connection.on('error', () => counted.socket.destroy());
  await new Promise<void>((resolve, reject) => {
    counted.socket.once('close', () => reject(new ConnectionLost('The server closed the connection.')));
    connection.connect((error) => {
      if (error === null) resolve();
      else reject(faultOf(error, counted, null));
    });
  });
  return new MysqlConnection(connection, counted);
}

class MysqlConnection implements SqlConnection {
  constructor(
    private readonly connection: Connection,
    private readonly counted: CountedSocket,
  ) {}

  run(statement: string, budget: ResultBudget): Promise<readonly SqlResult[]> {
    return new Promise((resolve, reject) => {
      const { socket } = this.counted;
      if (socket.destroyed) {
        reject(faultOf(null, this.counted, null));
        return;
      }
      let tooLarge: ResultTooLarge | null = null;
      const results: { columns: readonly string[]; rows: (readonly SqlValue[])[] }[] = [];
      let fields: readonly FieldPacket[] = [];
      const onClose = (): void => reject(faultOf(null, this.counted, tooLarge));
      socket.once('close', onClose);
      const query = this.connection.query({ sql: statement, rowsAsArray: true, typeCast: false });
      query.on('fields', (next: readonly FieldPacket[] | undefined) => {
        if (next === undefined) return;
        fields = next;
        results.push({ columns: next.map(({ name }) => name), rows: [] });
      });
      query.on('result', (row: unknown) => {
        // What is no list is the count of rows that a statement without rows changed.
        if (tooLarge !== null || !Array.isArray(row)) return;
        const cells: readonly unknown[] = row;
        const values = fields.map((field, index) => valueOf(field, cells[index]));
        const limit = budget.spend(values);
        if (limit === null) results.at(-1)?.rows.push(values);
        else {
          tooLarge = new ResultTooLarge(limit);
          socket.destroy();
        }
      });
      query.on('error', (error: QueryError) => {
        socket.off('close', onClose);
        reject(faultOf(error, this.counted, tooLarge));
      });
      query.on('end', () => {
        socket.off('close', onClose);
        // The end may have come in one piece with the row that was too much.
        if (tooLarge !== null) reject(tooLarge);
        else resolve(results);
      });
    });
  }

  close(): void {
    this.connection.destroy();
    this.counted.socket.destroy();
  }
}

function faultOf(error: QueryError | null, counted: CountedSocket, tooLarge: ResultTooLarge | null): Error {
  if (tooLarge !== null) return tooLarge;
  if (counted.isOver()) return new ResultTooLarge('output_limit');
  const number = error?.errno;
  // Only the server gives these states; a driver's own errors are those of its connection.
  if (error === null || number === undefined || error.sqlState === undefined || LOST_ERRORS.has(number)) {
    return new ConnectionLost(error?.message ?? 'The server closed the connection.', { cause: error ?? undefined });
  }
  const [, said = error.message, line = null] = /^(.*) at line (\d+)$/s.exec(error.message) ?? [];
  const what = SYNTAX_ERRORS.has(number)
    ? 'syntax'
    : MEMORY_ERRORS.has(number)
      ? 'memory'
      : TIME_ERRORS.has(number)
        ? 'time'
        : 'other';
  return new SqlRefusal(said, line === null ? null : Number(line), what);
}

function valueOf({ columnType = 0, characterSet }: FieldPacket, cell: unknown): SqlValue {
  if (cell === null || cell === undefined) return null;
  // Never: without a cast they are bytes.
  if (!Buffer.isBuffer(cell)) return { type: 'text', value: JSON.stringify(cell) };
  if (columnType === BIT) return { type: 'integer', value: BigInt(`0x0${cell.toString('hex')}`).toString() };
  if (columnType === GEOMETRY) return { type: 'blob', value: cell.toString('hex') };
  if (STRINGS.has(columnType) && characterSet === BINARY) return { type: 'blob', value: cell.toString('hex') };
  const text = cell.toString('utf8');
  if (INTEGERS.has(columnType)) return { type: 'integer', value: text };
  if (DECIMALS.has(columnType)) return { type: 'decimal', value: text };
  if (REALS.has(columnType)) return { type: 'real', value: Number(text) };
  return { type: 'text', value: text };
}
