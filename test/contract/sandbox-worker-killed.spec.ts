import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { once } from 'node:events';

import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { BubblewrapSandbox, type BubblewrapSandboxOptions } from '../../src/sandbox/bubblewrap-sandbox.js';
import { ownIdentity, type ProcessIdentity, readProcessStat } from '../../src/sandbox/process-identity.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { OCI_RUNTIMES } from './sandbox-adapters.js';
import { sandboxProcessesBelow, tracesOf } from './sandbox-traces.js';

const REPOSITORY = join(import.meta.dirname, '../..');

/** Opens a sandbox, starts a program that never ends, and says so. */
const WORKER = `
import { BubblewrapSandbox } from './sandbox/bubblewrap-sandbox.js';
const sandbox = new BubblewrapSandbox({ concurrency: 1, ...JSON.parse(process.argv[2]) });
const session = await sandbox.open({ runtime: 'bash', network: 'none' });
const limits = { cpuTimeMs: 600000, wallTimeMs: 600000, memoryMiB: 64, processes: 16, outputKiB: 64, diskMiB: 1 };
const running = session.run({ argv: ['/bin/sh', '-c', 'setsid sleep 1000 & sleep 1000'], stdin: Buffer.alloc(0), environment: {}, limits });
const shared = await sandbox.open({ runtime: 'bash', network: 'shared' }).catch(() => null);
await shared?.start({ argv: ['/bin/sh', '-c', 'setsid sleep 1000 & sleep 1000'], environment: {}, limits });
await shared?.connect(1).catch(() => undefined);
setTimeout(() => console.log('running'), 500);
await running;
`;

let folder: string;

/** A child process needs JavaScript, and must not wait for a build of the whole project. */
function transpileSandbox(): void {
  folder = mkdtempSync(join(tmpdir(), 'assay-worker-'));
  for (const part of ['sandbox', 'errors']) {
    const names = readdirSync(join(REPOSITORY, 'src', part), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((entry) => entry.endsWith('.ts'))) {
      const source = readFileSync(join(REPOSITORY, 'src', part, name), 'utf8');
      const compilerOptions = {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        experimentalDecorators: true,
      };
      const path = join(folder, part, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, ts.transpileModule(source, { compilerOptions }).outputText);
    }
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'worker.js'), WORKER);
}

beforeAll(transpileSandbox);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WAYS: readonly (readonly [string, Partial<BubblewrapSandboxOptions>])[] = [
  ['with separate bubblewraps', { driver: 'bubblewrap', supervisor: null }],
  ['with a supervisor', { driver: 'bubblewrap', supervisor: requiredSupervisor() }],
  ...OCI_RUNTIMES.filter(({ reason }) => reason === null).map(
    ({ runtime }): [string, Partial<BubblewrapSandboxOptions>] => [
      `with ${runtime}`,
      { driver: 'oci', supervisor: requiredSupervisor(), oci: { runtime, arguments: [] } },
    ],
  ),
];

it.each(WAYS)(
  'a killed worker %s takes its programs with it, and the next one removes what it left',
  async (_, options) => {
    const worker = spawn(process.execPath, ['worker.js', JSON.stringify(options)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(worker, 'exit');
    const pid = worker.pid ?? 0;
    let identity: ProcessIdentity;
    let programs: readonly number[];
    try {
      await Promise.race([
        once(worker.stdout, 'data'),
        exited.then(() => Promise.reject(new Error('the worker ended'))),
      ]);
      identity = { ...ownIdentity(), pid, startTime: readProcessStat(pid)?.[19] ?? '' };
      programs = sandboxProcessesBelow(pid).map((line) => Number(line.split(' ')[0]));
      // The outermost process, the first process inside, the program and its two sleeps; as many again where programs may run
      // beside each other, and what holds their network.
      expect(programs.length).toBeGreaterThanOrEqual(options.driver === 'oci' ? 4 : 10);
      expect(tracesOf(identity).folders).toHaveLength(1);
    } finally {
      worker.kill('SIGKILL');
    }
    await exited;
    await expect.poll(() => programs.filter(isAlive), { timeout: 2_000 }).toEqual([]);

    const next = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, ...options });
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
