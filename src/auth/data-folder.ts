import { dirname } from 'node:path';
import type { Environment } from '../config/env.js';
import { sqliteFileOf } from '../database/data-source.js';

/** Where a process keeps what it makes for itself: beside the SQLite file, or `./data` with a database server. */
export function dataFolderOf({
  databaseDialect,
  databaseUrl,
}: Pick<Environment, 'databaseDialect' | 'databaseUrl'>): string {
  if (databaseDialect !== 'sqlite') return './data';
  const file = sqliteFileOf(databaseUrl);
  return file === ':memory:' ? './data' : dirname(file);
}
