import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { explainContainerComplaint } from '../../../../src/sandbox/oci/oci-complaint.js';
import { buildOciConfig, mapUsers } from '../../../../src/sandbox/oci/oci-config.js';
import { findRuntimes } from '../../../../src/sandbox/oci/oci-runtime.js';
import { looksLikeRoot } from '../../../../src/sandbox/probe.js';
import { CONTAINER_ROOT_UID, SlotPool } from '../../../../src/sandbox/uid-pool.js';

describe('users of a container', () => {
  it('are a program and, for the runtime, a root that nobody is', () => {
    expect(mapUsers(60_600, CONTAINER_ROOT_UID, true)).toEqual({
      uid: 1000,
      mappings: [
        { containerID: 0, hostID: CONTAINER_ROOT_UID, size: 1 },
        { containerID: 1000, hostID: 60_600, size: 1 },
      ],
    });
  });

  it('are the worker alone where it is not root', () => {
    expect(mapUsers(1234, null, false)).toEqual({
      uid: 1000,
      mappings: [{ containerID: 1000, hostID: 1234, size: 1 }],
    });
    expect(mapUsers(1234, null, true)).toEqual({ uid: 0, mappings: [{ containerID: 0, hostID: 1234, size: 1 }] });
  });

  it('are never the root of the host', () => {
    expect(() => mapUsers(0, null, true)).toThrow('root of the host');
    expect(() => mapUsers(1234, 0, true)).toThrow('root of the host');
  });

  it('never share the number of the root with a program', () => {
    const pool = new SlotPool(1_000, true);
    for (let slot = pool.acquire(); slot !== null; slot = pool.acquire()) {
      expect(slot.uid).not.toBe(CONTAINER_ROOT_UID);
    }
  });

  it('are noticed when a program is told that it is root', () => {
    expect(looksLikeRoot('files: bin\nuser: 0\n')).toBe(true);
    expect(looksLikeRoot('files: bin\nuser: 1000\n')).toBe(false);
    expect(looksLikeRoot('')).toBe(false);
  });
});

describe('the configuration of a container', () => {
  const config = buildOciConfig({
    layout: { rootFolder: '/scratch/root', systemFolders: ['/usr', '/lib'], mountProc: true },
    binds: [{ source: '/opt/node', destination: '/opt/runtime/node' }],
    supervisor: '/scratch/supervisor',
    arguments: ['--lane'],
    ...mapUsers(60_600, CONTAINER_ROOT_UID, true),
  });

  it('has every namespace, and no user of the host that matters', () => {
    expect(config).toMatchObject({
      linux: {
        namespaces: ['user', 'pid', 'mount', 'ipc', 'uts', 'network', 'cgroup'].map((type) => ({ type })),
        uidMappings: [{ hostID: CONTAINER_ROOT_UID }, { hostID: 60_600 }],
        gidMappings: [{ hostID: CONTAINER_ROOT_UID }, { hostID: 60_600 }],
        maskedPaths: [],
        readonlyPaths: [],
      },
    });
  });

  it('gives the supervisor three rights and no way to more', () => {
    const rights = ['CAP_SYS_ADMIN', 'CAP_SETPCAP', 'CAP_NET_ADMIN'];
    expect(config).toMatchObject({
      process: {
        user: { uid: 1000, gid: 1000 },
        args: ['/run/supervisor/assay-supervisor', '--lane'],
        noNewPrivileges: true,
        capabilities: Object.fromEntries(
          ['bounding', 'effective', 'permitted', 'inheritable', 'ambient'].map((set) => [set, rights]),
        ),
      },
    });
  });

  it('lets a supervisor that is called root find another name for its programs', () => {
    const { mappings, uid } = mapUsers(1234, null, true);
    const layout = { rootFolder: '/root', systemFolders: [], mountProc: true };
    const own = buildOciConfig({ layout, binds: [], supervisor: '/folder', arguments: [], mappings, uid });
    expect(own).toMatchObject({ process: { capabilities: { effective: expect.arrayContaining(['CAP_SETFCAP']) } } });
  });

  it('shows nothing of the host that can be written', () => {
    const { root, mounts } = config;
    expect(root).toEqual({ path: '/scratch/root', readonly: true });
    if (!Array.isArray(mounts)) throw new Error('there are no mounts');
    const shown = mounts.map((mount: { destination: string; options: readonly string[] }) => mount);
    const writable = shown.filter(({ options }) => !options.includes('ro')).map(({ destination }) => destination);
    expect(writable).toEqual(['/proc', '/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom']);
    expect(shown.map(({ destination }) => destination)).toEqual(
      expect.arrayContaining(['/dev', '/usr', '/lib', '/opt/runtime/node', '/run/supervisor']),
    );
    expect(shown.every(({ options }) => options.includes('nosuid'))).toBe(true);
  });
});

describe('a runtime', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-runtimes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function describeFake(name: string, versionLine: string, given: readonly string[] = []) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho '${versionLine}'\n`, { mode: 0o755 });
    const [found] = await findRuntimes({ runtime: path, arguments: given });
    if (found === undefined || 'reason' in found) throw new Error(`not found: ${found?.reason ?? name}`);
    return { path, runtime: found.runtime };
  }

  it('is one of three when none is named', async () => {
    const found = await findRuntimes({ runtime: null, arguments: [] });
    expect(found.map((one) => ('reason' in one ? one.name : one.runtime.name))).toEqual(['crun', 'runc', 'runsc']);
  });

  it('is known by what it says of itself, not by the name of its file', async () => {
    const { path, runtime } = await describeFake('my-runtime', 'runc version 1.2.3', ['--debug']);
    expect(runtime).toMatchObject({
      name: 'runc',
      version: '1.2.3',
      command: [path, '--debug'],
      needsRootUser: true,
    });
    expect(runtime.runArguments(5)).toEqual(['--no-new-keyring', '--preserve-fds=5']);
  });

  it('that is unknown has the name of its file', async () => {
    const { runtime } = await describeFake('other', 'some words');
    expect(runtime).toMatchObject({ name: 'other', version: 'unknown', needsRootUser: true });
  });

  it('that is crun makes no cgroups, and needs no user 0', async () => {
    const { path, runtime } = await describeFake('crun', 'crun version 1.14');
    expect(runtime.command.slice(-2)).toEqual([path, '--cgroup-manager=disabled']);
    expect(runtime.needsRootUser).toBe(false);
  });

  it("that is gVisor's is told each descriptor", async () => {
    const { runtime } = await describeFake('runsc', 'runsc version release-20260101.0');
    expect(runtime.runArguments(2)).toEqual(['--pass-fd=3:3', '--pass-fd=4:4']);
  });

  it('that is not there, or does not start, is named with the reason', async () => {
    expect(await findRuntimes({ runtime: 'no-such-runtime', arguments: [] })).toEqual([
      { name: 'no-such-runtime', reason: 'it is not installed' },
    ]);
    expect(await findRuntimes({ runtime: join(folder, 'missing'), arguments: [] })).toEqual([
      { name: join(folder, 'missing'), reason: 'there is no such program' },
    ]);
    const broken = join(folder, 'broken');
    writeFileSync(broken, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    expect(await findRuntimes({ runtime: broken, arguments: [] })).toMatchObject([
      { reason: expect.stringContaining('does not start') },
    ]);
  });
});

describe('the complaint of a runtime', () => {
  it.each([
    [
      'cgroups in hybrid mode not supported, drop all controllers from cgroupv2',
      /cgroupv2\. Run the worker as root.*SANDBOX_RUNTIME=runc/,
    ],
    [
      'the supervisor ended (1) time="2026-01-01T00:00:00Z" level=error msg="runc run failed: error mounting \\"proc\\" to rootfs at \\"/proc\\": mount proc:/proc: operation not permitted"',
      /^the supervisor ended \(1\) runc run failed: error mounting "proc" .*procMount: Unmasked/,
    ],
    ['the supervisor ended (1) mount `proc` to `proc`: Operation not permitted', /systempaths=unconfined/],
    ['the test could not be prepared: Operation not permitted', /user namespaces/],
    [
      'runc run failed: unable to apply cgroup configuration: mkdir /sys/fs/cgroup/x: read-only file system',
      /SANDBOX_RUNTIME=crun/,
    ],
    [
      'nsexec-0[94]: failed to get container mount namespace: Permission denied\ntime="" level=error msg="unable to start"\ntime="" level=warning msg="Failed to remove cgroup (will retry) error=\\"x\\""\n',
      /^nsexec.* denied; unable to start\. runc as root needs CAP_SYS_ADMIN.*SANDBOX_RUNTIME=crun/,
    ],
    ['something else', /^something else$/],
  ])('%s: says what to do', (complaint, expected) => {
    expect(explainContainerComplaint(complaint)).toMatch(expected);
  });
});
