import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import {
  Sandbox,
  type SandboxCapabilities,
  type SandboxFile,
  type SandboxSession,
  type SandboxStep,
} from '../../src/sandbox/sandbox.js';
import { FakeSandbox, runOutcome } from './fake-sandbox.js';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';

/** Nobody: what runs loose shall at least not be root. */
const NOBODY = 65_534;

/**
 * A sandbox that holds nothing: the host's files, processes, network and environment are there, rights of the user namespace
 * too, and what a step leaves stays. For tests that must see a self-test fail.
 *
 * Only what `isHarmless` lets through is run; of everything else it claims that it ended well.
 */
export class LooseSandbox extends Sandbox {
  private readonly folders: TemporaryFolder[] = [];

  constructor(private readonly isHarmless: (step: SandboxStep) => boolean) {
    super();
  }

  override async probe(): Promise<SandboxCapabilities> {
    return { ...(await new FakeSandbox().probe()), driver: 'loose' };
  }

  override async open(): Promise<SandboxSession> {
    const folder = await createTemporaryFolder();
    this.folders.push(folder);
    await chmod(folder.path, 0o755);
    for (const name of ['box', 'tmp']) {
      await mkdir(join(folder.path, name));
      await chmod(join(folder.path, name), 0o777);
    }
    return {
      put: (files) => put(folder.path, files),
      run: (step) => (this.isHarmless(step) ? runLoose(folder.path, step) : Promise.resolve(runOutcome())),
      start: () => Promise.reject(new Error('nothing is ever started here')),
      connect: () => Promise.reject(new Error('nobody listens here')),
      rememberFiles: () => Promise.reject(new Error('nothing is ever kept here')),
      close: () => Promise.resolve(),
    };
  }

  /** Ends what the steps left, and removes their folders. */
  override async shutDown(): Promise<void> {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      if (command.includes('assay-self-test-') || command.startsWith('/box/')) process.kill(Number(pid), 'SIGKILL');
    }
    await rm('/dev/shm/left', { force: true });
    await Promise.all(this.folders.map((folder) => folder.remove()));
  }
}

async function put(folder: string, files: readonly SandboxFile[]): Promise<void> {
  for (const { path, content, executable = false } of files) {
    await writeFile(join(folder, 'box', path), content, { mode: executable ? 0o755 : 0o644 });
  }
}

async function runLoose(folder: string, { argv }: SandboxStep): Promise<RunOutcome> {
  const child = spawn('/usr/bin/bwrap', [...(await showHost(folder)), '--', ...argv], {
    // Everything of the worker's, as if nobody had thought of it.
    env: { ...process.env, ASSAY_WORKER_SECRET: 'secret' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.geteuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // Not `close`: a daemon keeps the streams open.
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  await new Promise(setImmediate);
  child.stdout.destroy();
  child.stderr.destroy();
  return runOutcome({
    exitCode,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  });
}

/** Arguments of bubblewrap that show all of the host, but for `/box` and `/tmp`, which are the session's. */
async function showHost(folder: string): Promise<readonly string[]> {
  // Shared memory and queues would stay on the machine.
  const shown: string[] = ['--unshare-ipc', '--cap-add', 'ALL', '--chdir', '/'];
  for (const name of (await readdir('/')).filter((entry) => entry !== 'tmp' && entry !== 'box')) {
    const path = `/${name}`;
    const status = await lstat(path);
    if (status.isSymbolicLink()) shown.push('--symlink', await readlink(path), path);
    else if (status.isDirectory()) shown.push(name === 'dev' ? '--dev-bind' : '--bind', path, path);
  }
  return [...shown, '--bind', join(folder, 'box'), '/box', '--bind', join(folder, 'tmp'), '/tmp'];
}
