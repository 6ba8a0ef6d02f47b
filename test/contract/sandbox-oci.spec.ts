import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import { ownIdentity } from '../../src/sandbox/process-identity.js';
import type { SandboxSession, SandboxStep } from '../../src/sandbox/sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { waitFor } from '../support/wait-for.js';
import { OCI_RUNTIMES } from './sandbox-adapters.js';
import { descendantsOf, sandboxProcessesBelow, scratchFilesOf, tracesOf } from './sandbox-traces.js';

const PLACES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const LIMITS = {
  cpuTimeMs: 5_000,
  wallTimeMs: 60_000,
  memoryMiB: 64,
  processes: 16,
  outputKiB: 64,
  diskMiB: 4,
};

const step = (script: string): SandboxStep => ({
  argv: ['/bin/sh', '-c', script],
  stdin: Buffer.alloc(0),
  environment: {},
  limits: LIMITS,
});

function createSandbox(runtime: string, given: readonly string[] = []): BubblewrapSandbox {
  const oci = { runtime, arguments: given };
  return new BubblewrapSandbox({ driver: 'oci', concurrency: 1, supervisor: requiredSupervisor(), oci });
}

/** Names that runtimes keep notes of. */
const containers = (): readonly (string | undefined)[] =>
  scratchFilesOf()
    .filter((path) => /\/states\/[^/]+$/.test(path))
    .map((path) => path.split('/').at(-1));

const ownerOf = (path: string) => [statSync(path).uid, statSync(path).gid];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-oci-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What a runtime says when it is asked, without Assay, for a container in which a program makes namespaces of its own. Null
 * when it gives it one.
 */
function complaintOf(program: string): string | null {
  const bundle = join(folder, 'bundle');
  const root = join(bundle, 'rootfs');
  for (const name of ['usr', 'proc', 'dev', 'bin', 'lib', 'lib64']) mkdirSync(join(root, name), { recursive: true });
  const shown = ['/usr', '/bin', '/lib', '/lib64'].filter((path) => existsSync(path));
  const own = process.geteuid?.() === 0 ? 60_578 : process.geteuid?.();
  const mappings = [{ containerID: 0, hostID: own, size: 1 }];
  const capabilities = ['CAP_SYS_ADMIN', 'CAP_SETPCAP', 'CAP_NET_ADMIN'];
  const config = {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args: ['/usr/bin/unshare', '--pid', '--mount', '--ipc', '--net', '--fork', '--mount-proc', '/bin/true'],
      env: ['PATH=/usr/bin:/bin'],
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    },
    root: { path: 'rootfs', readonly: true },
    mounts: [
      { destination: '/dev', type: 'bind', source: join(root, 'dev'), options: ['rbind', 'ro'] },
      ...shown.map((path) => ({ destination: path, type: 'bind', source: path, options: ['rbind', 'ro'] })),
      { destination: '/proc', type: 'proc', source: 'proc' },
    ],
    linux: {
      uidMappings: mappings,
      gidMappings: mappings,
      namespaces: ['user', 'pid', 'mount', 'ipc', 'uts', 'network', 'cgroup'].map((type) => ({ type })),
    },
  };
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
  try {
    const args = ['--root', join(folder, 'states'), 'run', '--bundle', bundle, 'assay-reason'];
    execFileSync(program, args, { stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' });
    return null;
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  } finally {
    rmSync(bundle, { recursive: true });
  }
}

const LEFT_OUT = OCI_RUNTIMES.filter(({ reason }) => reason !== null);

// Not `describe.each`, which would cut the reason short.
for (const state of LEFT_OUT) {
  describe(`${state.runtime} is left out: ${state.reason ?? ''}`, () => {
    it('for a reason that the machine confirms', () => {
      const program = PLACES.map((place) => join(place, state.runtime)).find((path) => existsSync(path));
      if (program === undefined) {
        expect(state.reason).toContain(`${state.runtime}: it is not installed`);
        // It is the one that the tests install: without it nothing here would prove that containers work.
        expect(state.runtime, 'apt-get install runc, or let npm test do it').not.toBe('runc');
        return;
      }
      const complaint = complaintOf(program);
      expect(complaint, `${state.runtime} works by itself, but not for Assay: ${state.reason}`).not.toBeNull();
      const lastWords = complaint?.trim().split('\n').at(-1)?.split(': ').at(-1)?.replace(/"$/, '') ?? '';
      expect(state.reason).toContain(lastWords);
    });
  });
}

const USABLE = OCI_RUNTIMES.filter(({ reason }) => reason === null).map(({ runtime }) => runtime);

describe.each(USABLE)('a container of %s', (runtime) => {
  const open = async (): Promise<{ sandbox: BubblewrapSandbox; session: SandboxSession }> => {
    const sandbox = createSandbox(runtime);
    return { sandbox, session: await sandbox.open({ runtime: 'bash', network: 'none' }) };
  };

  /** The runtime's process around a program of that name; null until there is one. */
  const runtimeOf = (name: string): number | null => {
    const processes = sandboxProcessesBelow(process.pid).map((line) => line.split(' '));
    const programs = processes.filter(([, found]) => found === name).map(([pid]) => Number(pid));
    const runtimes = processes.filter(([, found]) => found?.includes(runtime)).map(([pid]) => Number(pid));
    return runtimes.find((pid) => descendantsOf(pid).some((child) => programs.includes(child))) ?? null;
  };

  it('says who made it', async () => {
    const sandbox = createSandbox(runtime);
    expect(await sandbox.probe()).toMatchObject({ usable: true, driver: `oci/${runtime}`, memory: 'tree' });
    await sandbox.shutDown();
  });

  it('leaves nothing of itself, in memory or on disk, when the worker stops', async () => {
    const { sandbox, session } = await open();
    expect(await session.run(step('exit 3'))).toMatchObject({ kind: 'exited', exitCode: 3 });
    expect(containers().length).toBeGreaterThan(0);
    await session.close();
    await sandbox.shutDown();
    expect(tracesOf()).toMatchObject({ processes: [], cgroups: [], folders: [] });
  });

  it('takes nothing of the host into its possession', async () => {
    const devices = ['/dev/null', '/dev/zero', '/dev/full', '/dev/urandom'];
    const before = devices.map(ownerOf);
    const { sandbox, session } = await open();
    await session.run(step(':'));
    expect(devices.map(ownerOf)).toEqual(before);
    await session.close();
    await sandbox.shutDown();
    expect(devices.map(ownerOf)).toEqual(before);
  });

  it('whose runtime is killed ends with it, and leaves nothing', async () => {
    const { sandbox, session } = await open();
    const running = session.run(step('setsid sleep 1000 & exec sleep 1000'));
    const outermost = await waitFor(() => runtimeOf('sleep'), { until: 'the program runs' });
    const inside = descendantsOf(outermost);
    const container = readFileSync(`/proc/${outermost}/cmdline`, 'latin1').split('\0').at(-2);
    expect(containers()).toContain(container);
    process.kill(outermost, 'SIGKILL');
    expect(await running).toMatchObject({ kind: 'sandbox_failure' });
    await session.close();
    await waitFor(() => !inside.some((pid) => existsSync(`/proc/${pid}`)), {
      until: 'all of it is gone',
    });
    expect(containers()).not.toContain(container);
    expect(tracesOf().cgroups.filter((path) => path.endsWith(`/${container}`))).toEqual([]);
    await sandbox.shutDown();
    expect(tracesOf()).toMatchObject({ processes: [], cgroups: [], folders: [] });
  });

  it('that is not finished when the worker stops leaves nothing', async () => {
    for (const delayMs of [0, 15, 40]) {
      const sandbox = createSandbox(runtime);
      const session = await sandbox.open({ runtime: 'bash', network: 'none' });
      const running = session.run(step('sleep 1000'));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await sandbox.shutDown();
      expect((await running).kind).toBe('sandbox_failure');
      expect(tracesOf()).toMatchObject({ processes: [], cgroups: [], folders: [] });
    }
  });

  it('can be given options of its runtime', async () => {
    const log = join(folder, `${runtime}.log`);
    const sandbox = createSandbox(runtime, ['--debug', `--log=${log}`]);
    expect((await sandbox.probe()).reason).toBeNull();
    await sandbox.shutDown();
    expect(existsSync(log)).toBe(true);
  });

  it('is told apart by the name of the worker that made it', async () => {
    const { sandbox, session } = await open();
    await session.run(step(':'));
    const { pid, startTime } = ownIdentity();
    expect(containers().length).toBeGreaterThan(0);
    for (const name of containers()) expect(name).toContain(`-${pid}-${startTime}-container-`);
    await session.close();
    await sandbox.shutDown();
  });
});

it('a runtime that denies namespaces is not usable, and the operator is told what to do', async () => {
  const fake = join(folder, 'deny');
  const script = `#!/bin/sh
case $1 in --version) echo "deny version 1.0"; exit;; esac
echo 'time="2026-01-01T00:00:00Z" level=error msg="unable to start: clone: Operation not permitted"' >&2
exit 1
`;
  writeFileSync(fake, script, { mode: 0o755 });
  const sandbox = createSandbox(fake);
  const { usable, reason } = await sandbox.probe();
  expect(usable).toBe(false);
  expect(reason).toMatch(
    /oci\/deny does not work here: .*unable to start: clone: Operation not permitted\. Namespaces/,
  );
  expect(reason).not.toContain('level=error');
  await sandbox.shutDown();
});
