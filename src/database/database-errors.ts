import { QueryFailedError } from 'typeorm';
import { propertyOf } from '../errors/error-code.js';

function driverErrorOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? propertyOf(error, 'driverError') : error;
}

function driverCodeOf(error: unknown): string {
  return String(propertyOf(driverErrorOf(error), 'code'));
}

const UNIQUE_CODES = new Set(['ER_DUP_ENTRY', '23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);
const RETRYABLE_CODES = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_CHECKREAD',
  '40P01',
  '40001',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
]);
const READ_ONLY_CODES = new Set([
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  '25006',
  'SQLITE_READONLY',
]);
const FULL_CODES = new Set(['SQLITE_FULL', '53100', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL']);
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_LOCK_WAIT_TIMEOUT',
  'POOL_CLOSED',
  'ER_CONNECTION_KILLED',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '55P03',
  '57014',
]);
const AWAY_MESSAGE =
  /Connection terminated|connection is in closed state|is not queryable|runner already released|timeout exceeded when trying to connect|Connection lost|not connected/i;

/** Driver codes are named here and nowhere else. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_CODES.has(driverCodeOf(error));
}

/** A deadlock or serialisation failure: the same transaction may succeed when run again. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE_CODES.has(driverCodeOf(error));
}

/** The database cannot be reached, is stopping, refuses writes, or kept us waiting too long: worth trying later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = driverCodeOf(error);
  if (AWAY_CODES.has(code) || READ_ONLY_CODES.has(code)) return true;
  const message = propertyOf(driverErrorOf(error), 'message');
  return typeof message === 'string' && AWAY_MESSAGE.test(message);
}

/** The database has no room left. */
export function isDatabaseFull(error: unknown): boolean {
  return FULL_CODES.has(driverCodeOf(error));
}
