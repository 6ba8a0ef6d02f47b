import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from '../dist/src/app.module.js';
import { loadEnvironment } from '../dist/src/config/env.js';
import { createHttpAdapter, setUpHttp } from '../dist/src/setup-http.js';

/**
 * A program that sends one GET through Assay, in this process, and prints the SQL statements that Assay sent for it, as one
 * line of JSON on standard output: `{ status, statements: [{ sql, parameters }] }`. The address and the access token are
 * its arguments; the database is that of the environment.
 */
const [url, token] = process.argv.slice(2);

const environment = Object.assign(loadEnvironment(), { role: 'api' });
const app = await NestFactory.create(AppModule.with(environment), createHttpAdapter(environment), {
  logger: false,
  abortOnError: false,
});
await setUpHttp(app);
await app.init();
await app.getHttpAdapter().getInstance().ready();

/** Tells the statements of the request from those that the application sends by itself at the same time. */
const recording = new AsyncLocalStorage();
const nothing = () => {};
app.get(DataSource).logger = {
  logQuery: (sql, parameters = []) => recording.getStore()?.push({ sql, parameters }),
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/** Waits inside: an injected request is not sent before somebody waits for its answer. */
async function read() {
  const response = await app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
  return response.statusCode;
}

// The first reads the account, too, which is then known for a second.
await read();
const statements = [];
const status = await recording.run(statements, read);
process.stdout.write(`${JSON.stringify({ status, statements })}\n`);
await app.close();
