import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { withRoomForTime } from '../support/test-kernel.js';
import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';

const LIMITS = withRoomForTime({
  cpuTimeMs: 10_000,
  wallTimeMs: 30_000,
  memoryMiB: 256,
  processes: 32,
  outputKiB: 64,
  diskMiB: 8,
});

/** Runs the file with Node, as a submission's program would be. */
async function runFile(sandbox: Sandbox, path: string, content: string): Promise<RunOutcome> {
  const session = await sandbox.open({ runtime: 'node', network: 'loopback' });
  try {
    await session.put([{ path, content: Buffer.from(content) }]);
    return await session.run({
      argv: ['/usr/bin/env', 'node', path],
      stdin: Buffer.alloc(0),
      environment: { PATH: '/opt:/usr/local/bin:/usr/bin:/bin' },
      limits: LIMITS,
    });
  } finally {
    await session.close();
  }
}

const SERVES = `
import express from 'express';
import { createRequire } from 'node:module';
const jwt = createRequire(import.meta.url)('jsonwebtoken');
const app = express();
app.get('/', (request, response) => response.json(jwt.decode(jwt.sign({ who: 'me' }, 'k')).who));
const server = app.listen(0, '127.0.0.1', async () => {
  console.log(await (await fetch(\`http://127.0.0.1:\${server.address().port}/\`)).json());
  server.close();
});
`;

const SPOILS = `
const fs = require('node:fs');
try { fs.writeFileSync('/node_modules/express/mark', 'x'); console.log('written'); } catch (error) { console.log(error.code); }
`;

describe.each(SANDBOX_ADAPTERS)('the toolbox in $name', ({ create }) => {
  let sandbox: Sandbox;

  beforeAll(() => {
    sandbox = create();
  });

  afterAll(() => sandbox.shutDown());

  it('lets programs import its packages in both module systems, from any folder', async () => {
    const outcome = await runFile(sandbox, 'src/deep/serves.mjs', SERVES);
    expect(outcome.stderr.toString()).toBe('');
    expect(outcome.stdout.toString()).toBe('me\n');
  });

  it('cannot be changed by them', async () => {
    expect((await runFile(sandbox, 'spoils.cjs', SPOILS)).stdout.toString()).toBe('EROFS\n');
  });
});

describe('a toolbox in a folder that other users cannot reach', () => {
  let folder: string;
  /** Unlike any other, so that the copy is this one's alone. */
  const lock = JSON.stringify({ packages: {}, mark: randomUUID() });
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toolbox-'));
    const packages = join(folder, 'node_modules');
    await mkdir(packages);
    await cp('toolbox/node_modules/cookie', join(packages, 'cookie'), { recursive: true });
    await writeFile(join(packages, '.package-lock.json'), lock);
    await chmod(folder, 0o700);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    const copies = (await readdir(tmpdir())).filter(
      (name) => name.startsWith('assay-toolbox-') && name.includes(digest),
    );
    for (const name of copies) await rm(join(tmpdir(), name), { recursive: true });
  });

  it('is shown all the same', async () => {
    const sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, toolbox: folder });
    try {
      const { warnings } = await sandbox.probe();
      expect(warnings.filter((warning) => warning.includes('toolbox'))).toEqual([]);
      const outcome = await runFile(sandbox, 'main.cjs', "console.log(require('cookie').parse('a=1').a)");
      expect(outcome.stdout.toString()).toBe('1\n');
    } finally {
      await sandbox.shutDown();
    }
  });
});
