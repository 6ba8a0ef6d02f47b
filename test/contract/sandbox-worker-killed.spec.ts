import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import { ownIdentity, type ProcessIdentity, readProcessStat } from '../../src/sandbox/process-identity.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { sandboxProcessesBelow, tracesOf } from './sandbox-traces.js';

const REPOSITORY = join(import.meta.dirname, '../..');

/** Opens a sandbox, starts a program that never ends, and says so. */
const WORKER = `
import { BubblewrapSandbox } from './sandbox/bubblewrap-sandbox.js';
const sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, supervisor: process.argv[2] ?? null });
const session = await sandbox.open({ runtime: 'bash', network: 'none' });
const limits = { cpuTimeMs: 600000, wallTimeMs: 600000, memoryMiB: 64, processes: 16, outputKiB: 64, diskMiB: 1 };
const running = session.run({ argv: ['/bin/sh', '-c', 'setsid sleep 1000 & sleep 1000'], stdin: Buffer.alloc(0), environment: {}, limits });
setTimeout(() => console.log('running'), 500);
await running;
`;

let folder: string;

/** A child process needs JavaScript, and must not wait for a build of the whole project. */
function transpileSandbox(): void {
  folder = mkdtempSync(join(tmpdir(), 'assay-worker-'));
  for (const part of ['sandbox', 'errors']) {
    mkdirSync(join(folder, part));
    for (const name of readdirSync(join(REPOSITORY, 'src', part)).filter((entry) => entry.endsWith('.ts'))) {
      const source = readFileSync(join(REPOSITORY, 'src', part, name), 'utf8');
      const compilerOptions = {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        experimentalDecorators: true,
      };
      writeFileSync(
        join(folder, part, name.replace(/\.ts$/, '.js')),
        ts.transpileModule(source, { compilerOptions }).outputText,
      );
    }
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'worker.js'), WORKER);
}

beforeAll(transpileSandbox);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WAYS: readonly (readonly [string, readonly string[]])[] = [
  ['with separate bubblewraps', []],
  ['with a supervisor', [requiredSupervisor()]],
];

it.each(WAYS)(
  'a killed worker %s takes its programs with it, and the next one removes what it left',
  async (_, args) => {
    const worker = spawn(process.execPath, ['worker.js', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(worker, 'exit');
    const pid = worker.pid ?? 0;
    let identity: ProcessIdentity;
    let programs: readonly number[];
    try {
      await once(worker.stdout, 'data');
      identity = { ...ownIdentity(), pid, startTime: readProcessStat(pid)?.[19] ?? '' };
      programs = sandboxProcessesBelow(pid).map((line) => Number(line.split(' ')[0]));
      // bwrap, the first process, the program and its two sleeps.
      expect(programs.length).toBeGreaterThanOrEqual(4);
      expect(tracesOf(identity).folders).toHaveLength(1);
    } finally {
      worker.kill('SIGKILL');
    }
    await exited;
    await expect.poll(() => programs.filter(isAlive), { timeout: 2_000 }).toEqual([]);

    const next = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1 });
    expect((await next.probe()).reason).toBeNull();
    expect(tracesOf(identity)).toMatchObject({ cgroups: [], folders: [] });
    await next.shutDown();
  },
);

/** A zombie is dead; who inherited it may be slow to notice. */
function isAlive(pid: number): boolean {
  const state = readProcessStat(pid)?.[0];
  return state !== undefined && state !== 'Z';
}
