import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { BubblewrapSandbox, type BubblewrapSandboxOptions } from '../../src/sandbox/bubblewrap-sandbox.js';
import { InterpreterCopies } from '../../src/sandbox/interpreter-copies.js';
import { nameOwnedBy, ownIdentity } from '../../src/sandbox/process-identity.js';
import { detectRuntimes, type Runtime } from '../../src/sandbox/runtimes.js';
import { withRoomForTime } from '../support/test-kernel.js';

const PLACE = '/dev/shm';
const LIMITS = withRoomForTime({
  cpuTimeMs: 5_000,
  wallTimeMs: 20_000,
  memoryMiB: 256,
  processes: 64,
  outputKiB: 64,
  diskMiB: 16,
});

/** Says where the interpreter is, what it is made of, and which file system it lies on. */
const LOOK = `
const fs = require('node:fs');
const sum = require('node:crypto').createHash('sha256').update(fs.readFileSync(process.execPath)).digest('hex');
const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\\n');
const mount = mounts.find((line) => line.split(' ')[4] === process.execPath);
console.log(JSON.stringify({ path: process.execPath, sum, tmpfs: mount !== undefined && mount.includes(' - tmpfs ') }));
`;

async function nodeRuntime(): Promise<Runtime> {
  const node = (await detectRuntimes()).find(({ key }) => key === 'node');
  if (node?.available !== true) throw new Error(node?.reason ?? 'there is no Node.js');
  return node;
}

/** Folders that this process has there. */
const ownFolders = (place: string): readonly string[] =>
  readdirSync(place).filter((name) => name.startsWith(nameOwnedBy(ownIdentity(), 'assay-sandbox', '')));

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function look(options: Partial<BubblewrapSandboxOptions>): Promise<unknown> {
  const sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, ...options });
  closing.push(() => sandbox.shutDown());
  const session = await sandbox.open({ runtime: 'node', network: 'none' });
  await session.put([{ path: 'main.js', content: Buffer.from(LOOK) }]);
  const argv = (await nodeRuntime()).command(null, [], LIMITS);
  const outcome = await session.run({ argv, stdin: Buffer.alloc(0), environment: {}, limits: LIMITS });
  await session.close();
  return JSON.parse(outcome.stdout.toString());
}

describe('an interpreter in huge pages', () => {
  it('is the same program under the same path, and is gone with the sandbox', async () => {
    const { largeProgram } = await nodeRuntime();
    const source = largeProgram?.source ?? '';
    const sum = createHash('sha256')
      .update(await readFile(source))
      .digest('hex');
    const said: string[] = [];
    const found = await look({ logger: (_level, message) => said.push(message) });
    // A machine without room for it, or with an older kernel, starts the file, and has to say so.
    const tmpfs = said.every((message) => !message.includes('started from its file'));
    expect(found).toEqual({ path: largeProgram?.destination, sum, tmpfs });
    expect(ownFolders(PLACE).length).toBe(tmpfs ? 1 : 0);
    for (const close of closing.splice(0)) await close();
    expect(ownFolders(PLACE)).toEqual([]);
  });

  it('is made with a bubblewrap for each step as well', async () => {
    expect(await look({ supervisor: null })).toMatchObject({ path: (await nodeRuntime()).largeProgram?.destination });
  });

  it('is not made where that was switched off', async () => {
    const said: string[] = [];
    expect(await look({ hugePages: false, logger: (_level, message) => said.push(message) })).toMatchObject({
      tmpfs: false,
    });
    expect(said.filter((message) => message.includes('started from its file'))).toEqual([]);
  });

  it('is not made outside of a tmpfs, which is said once', async () => {
    const said: string[] = [];
    const copies = new InterpreterCopies(ownIdentity(), (_level, message) => said.push(message), '/proc');
    const node = await nodeRuntime();
    expect(await copies.of(node)).toBeNull();
    expect(await copies.of(node)).toBeNull();
    expect(said).toEqual([expect.stringContaining('/proc is no tmpfs')]);
  });

  it('of a worker that was killed is removed by the next one', async () => {
    // A process that has this number now did not start at that time.
    const dead = join(PLACE, `${nameOwnedBy({ ...ownIdentity(), startTime: '1' }, 'assay-sandbox', '')}x`);
    mkdirSync(dead);
    writeFileSync(join(dead, '0'), 'left');
    closing.push(() => Promise.resolve(rmSync(dead, { recursive: true, force: true })));
    const copies = new InterpreterCopies(ownIdentity(), () => undefined);
    closing.push(() => copies.remove());
    await copies.of(await nodeRuntime());
    expect(readdirSync(PLACE)).not.toContain(dead.slice(PLACE.length + 1));
  });
});
