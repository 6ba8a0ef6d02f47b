import { EnvironmentError } from './config/env.js';
import { isDatabaseUnavailable } from './database/database-errors.js';
import { DomainError } from './errors/domain-error.js';
import { codeOf, propertyOf } from './errors/error-code.js';

function reasonsOf(error: unknown): readonly string[] {
  if (error instanceof EnvironmentError) return error.faults.map((fault) => `${fault.variable} ${fault.message}`);
  if (error instanceof DomainError) return [error.message];
  const code = codeOf(error);
  const address = propertyOf(error, 'address');
  const port = propertyOf(error, 'port');
  if (code === 'EADDRINUSE') {
    return [
      `PORT ${String(port)} is in use on ${String(address)}: end the other program, or choose another, for example PORT=3001.`,
    ];
  }
  if (code === 'EACCES' && typeof port === 'number') {
    return [`PORT ${port} may not be opened by this user: choose one above 1023, for example PORT=3000.`];
  }
  if (isDatabaseUnavailable(error) || DATABASE_REFUSALS.has(String(code))) {
    return [
      `DATABASE_URL names a database that cannot be used (${String(code)}): check that the server runs, and its host, port, user, password and database name.`,
    ];
  }
  return [];
}

/** Codes with which a database server refuses the connection itself. */
const DATABASE_REFUSALS = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  '28P01',
  '28000',
  '3D000',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
]);

/** Ends a process that could not start: one line for each reason, without a stack when we know what to say. */
export function endWithReason(error: unknown): void {
  const reasons = reasonsOf(error);
  if (reasons.length === 0) {
    process.stderr.write(
      `assay: could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  } else {
    for (const reason of reasons) process.stderr.write(`assay: ${reason}\n`);
  }
  // What was opened before the failure (pools, timers) would keep the process alive.
  process.exit(1);
}
