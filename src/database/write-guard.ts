import type { Logger } from 'typeorm';
import { isInTransaction } from './transactions.js';

const WRITE = /^\s*(insert|update|delete|replace)\b/i;

/**
 * Throws on a write that does not go through `Transactions.run`, with the SQL in the message. Installed in tests, so that
 * such a write is found wherever a test reaches it; it costs a regular expression per statement and is left out in
 * production.
 */
export class WriteGuard implements Logger {
  logQuery(query: string): void {
    if (WRITE.test(query) && !isInTransaction()) {
      throw new Error(`A write outside Transactions.run: ${query.slice(0, 200)}`);
    }
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
