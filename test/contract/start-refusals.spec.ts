import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type ProgramEnd, ProgramProcess } from '../support/program-process.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

const SECRET = 'canary-of-a-password';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder.remove());

function refusedStart(variables: Readonly<Record<string, string>>): Promise<ProgramEnd> {
  return ProgramProcess.run('main', {
    PORT: '0',
    DATABASE_URL: `sqlite:${folder.path}/assay.db`,
    STORAGE_URL: `file:${folder.path}/files`,
    LOG_LEVEL: 'silent',
    ...variables,
  });
}

/** One line for each fault, which names the variable and what to do, without a stack or a secret; and a status that tells. */
function expectReason({ code, stderr }: ProgramEnd, ...reasons: readonly RegExp[]): void {
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(reasons.length);
  for (const [index, reason] of reasons.entries()) expect(lines[index]).toMatch(reason);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain(SECRET);
  expect(code).toBe(1);
}

describe('a process that cannot start says why', () => {
  it('when DATABASE_URL names an engine that it does not know', async () => {
    const end = await refusedStart({ DATABASE_URL: `oracle://assay:${SECRET}@127.0.0.1/assay` });
    expectReason(end, /^assay: DATABASE_URL must start with mysql:\/\/, mariadb:\/\/, postgres:\/\/ or sqlite:/);
  });

  it('when nobody answers where DATABASE_URL points', async () => {
    const port = await freePort();
    for (const engine of ['mysql', 'mariadb', 'postgres']) {
      const end = await refusedStart({ DATABASE_URL: `${engine}://assay:${SECRET}@127.0.0.1:${port}/assay` });
      expectReason(
        end,
        /^assay: DATABASE_URL names a database that cannot be used \(ECONNREFUSED\): check that the server runs/,
      );
    }
  });

  it('when the SQLite file of DATABASE_URL is no database', async () => {
    const end = await refusedStart({ DATABASE_URL: `sqlite:${process.execPath}` });
    expectReason(end, /^assay: DATABASE_URL names a database that cannot be used/);
  });

  it('when variables are wrong, all of them at once', async () => {
    const end = await refusedStart({ PORT: 'http', REGISTRATION: 'maybe', JWT_SECRET: SECRET, NODE_ENV: 'production' });
    expectReason(
      end,
      /^assay: PORT must be a whole number from 0 to 65535, for example PORT=3000/,
      /^assay: JWT_SECRET must have at least 32 bytes/,
      /^assay: REGISTRATION must be one of open, invite, closed/,
    );
  });

  it('when its port is taken', async () => {
    const port = await freePort();
    const other: Server = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const end = await refusedStart({ PORT: String(port) });
      expectReason(end, new RegExp(`^assay: PORT ${port} is in use on 127.0.0.1: .* for example PORT=3001`));
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
