import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Transactions } from '../../src/database/transactions.js';
import { Mail } from '../../src/mail/mail.entity.js';
import { TestMailServer } from '../support/mail-server.js';
import { freePort, ProgramProcess } from '../support/program-process.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { e2eBackend } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

let server: TestMailServer;
let database: TemporaryDatabase;
let folder: TemporaryFolder;
const started: ProgramProcess[] = [];

beforeAll(async () => {
  [server, database, folder] = await Promise.all([
    TestMailServer.start(),
    createTemporaryDatabase(e2eBackend()),
    createTemporaryFolder(),
  ]);
});
afterAll(async () => {
  await Promise.all(started.map((one) => one.kill()));
  await Promise.all([server?.stop(), database?.drop(), folder?.remove()]);
});

/** What was left to a process that died is left to it for half a minute: that time is over. */
async function endLeases(): Promise<void> {
  const dataSource = createDataSource(parseEnvironment({ DATABASE_URL: database.url }), [Mail]);
  await dataSource.initialize();
  const transactions = new Transactions(dataSource);
  try {
    await transactions.run(async (manager) => {
      for (const { id, dueAt } of await manager.find(Mail)) {
        if (dueAt !== null) await manager.update(Mail, { id }, { dueAt: new Date(dueAt.getTime() - 60_000) });
      }
    });
  } finally {
    await transactions.onApplicationShutdown();
    await dataSource.destroy();
  }
}

it('a process that is killed after a mail was taken and before it is marked: it is sent once more, and no other twice', async () => {
  const port = await freePort();
  const variables = {
    NODE_ENV: 'test',
    PORT: String(port),
    DATABASE_URL: database.url,
    STORAGE_URL: `file:${folder.path}/files`,
    JWT_SECRET: 'the-same-for-both-processes-of-this-test',
    SMTP_URL: server.url,
    MAIL_FROM: 'assay@example.org',
    EMAIL_VERIFICATION: 'optional',
    OUTBOX_SWEEP_MS: '50',
    LOG_LEVEL: 'info',
  };
  const start = (): ProgramProcess => {
    const running = ProgramProcess.start('main', variables);
    started.push(running);
    onTestFailed(() => {
      process.stderr.write(running.log);
    });
    return running;
  };
  const register = (email: string) =>
    fetch(`http://127.0.0.1:${port}/api/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'correct horse battery', name: 'Somebody' }),
    });

  expect((await ProgramProcess.run('migrate', variables)).code).toBe(0);
  const victim = start();
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).ok, { timeoutMs: 60_000 });
  server.beforeAnswer = () => victim.kill().then(() => undefined);
  expect((await register('first@example.org')).status).toBe(201);
  await victim.ended;
  server.beforeAnswer = () => Promise.resolve();
  expect(server.mails).toHaveLength(1);

  await endLeases();
  start();
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).ok, { timeoutMs: 60_000 });
  expect((await register('second@example.org')).status).toBe(201);
  await waitFor(() => server.to('second@example.org').length > 0 && server.to('first@example.org').length > 1);
  expect(server.mails).toHaveLength(3);
  const ids = server.to('first@example.org').map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(1);
}, 180_000);
