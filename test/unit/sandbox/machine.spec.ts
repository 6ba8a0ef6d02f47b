import { describe, expect, it } from 'vitest';

import { buildBubblewrapArguments, buildSupervisorArguments } from '../../../src/sandbox/bubblewrap-arguments.js';
import type { RunLimits } from '../../../src/sandbox/limits.js';
import { explainComplaint, findLeaks, isProcRefused } from '../../../src/sandbox/probe.js';
import { isAbandoned, nameOwnedBy, ownIdentity } from '../../../src/sandbox/process-identity.js';
import { detectRuntimes, mainClassOf, RUNTIME_KEYS } from '../../../src/sandbox/runtimes.js';
import { BubblewrapSandbox } from '../../../src/sandbox/bubblewrap-sandbox.js';
import { SlotPool } from '../../../src/sandbox/uid-pool.js';

const limits: RunLimits = { cpuTimeMs: 1, wallTimeMs: 1, memoryMiB: 256, processes: 1, outputKiB: 1, diskMiB: 1 };

describe('the arguments of bubblewrap', () => {
  const layout = { rootFolder: '/scratch/root', systemFolders: ['/usr', '/lib64'], mountProc: true };
  const run = {
    diskMiB: 3,
    binds: [{ source: '/home/x/node', destination: '/opt/node' }],
    seccompDescriptor: 3,
    joinsNetwork: false,
    folders: [],
    protectedFiles: null,
    command: ['/bin/sh', '-c', ':'],
  };
  const built = buildBubblewrapArguments(layout, run);
  const text = built.join(' ');

  it('make every namespace new, and put our own process first', () => {
    for (const name of ['user', 'pid', 'ipc', 'uts', 'net', 'cgroup-try']) expect(built).toContain(`--unshare-${name}`);
    for (const flag of ['--die-with-parent', '--new-session', '--as-pid-1', '--clearenv']) {
      expect(built).toContain(flag);
    }
    expect(text.endsWith('-- /bin/sh -c :')).toBe(true);
  });

  it('show nothing of the host that can be written', () => {
    expect(built.filter((word) => word === '--bind' || word === '--share-net' || word === '--dev')).toEqual([]);
    expect(text).toContain('--ro-bind /usr /usr --ro-bind /lib64 /lib64 --ro-bind /home/x/node /opt/node');
    expect(built.lastIndexOf('--tmpfs')).toBeLessThan(built.lastIndexOf('--remount-ro'));
  });

  it('limit the size of every file system in memory', () => {
    const unlimited = built.filter((word, index) => word === '--tmpfs' && built[index - 2] !== '--size');
    expect(unlimited).toEqual([]);
    expect(text).toContain('--size 3145728 --tmpfs /tmp');
    expect(text).toContain('--size 3145728 --tmpfs /box');
  });

  it('hide the first process, whose memory a program could write to', () => {
    expect(text).toContain('--tmpfs /proc/1 --remount-ro /proc/1');
    expect(buildBubblewrapArguments({ ...layout, mountProc: false }, run).join(' ')).not.toContain('/proc');
  });

  it('lay protected files into a folder that is then read-only, for steps that show them', () => {
    const files = [
      { path: 'a/run me', executable: true, descriptor: 11 },
      { path: '--bind', executable: false, descriptor: 12 },
    ];
    const shown = buildBubblewrapArguments(layout, { ...run, protectedFiles: files });
    expect(shown.join(' ')).toContain(
      '--perms 0755 --size 3145728 --tmpfs /grader ' +
        '--perms 0755 --file 11 /grader/a/run me --perms 0644 --file 12 /grader/--bind --remount-ro /grader',
    );
    expect(shown).toContain('/grader/a/run me');
    expect(text).not.toContain('/grader');
  });

  it('make no new network where one is shared, and everything else', () => {
    const shared = buildBubblewrapArguments(layout, { ...run, joinsNetwork: true });
    expect(built.filter((word) => !shared.includes(word))).toEqual(['--unshare-net']);
    expect(shared).toHaveLength(built.length - 1);
  });

  it('show folders of the operator read-only, in a folder that is read-only as well', () => {
    const folders = [{ source: '/scratch/data', destination: '/run/data' }];
    expect(buildBubblewrapArguments(layout, { ...run, folders }).join(' ')).toContain(
      '--perms 0755 --size 65536 --tmpfs /run --ro-bind /scratch/data /run/data --remount-ro /run',
    );
    expect(text).not.toContain('/run');
  });

  it('name the filter only where there is one', () => {
    expect(text).toContain('--seccomp 3');
    expect(buildBubblewrapArguments(layout, { ...run, seccompDescriptor: null })).not.toContain('--seccomp');
  });
});

describe('the arguments of the bubblewrap that holds a supervisor', () => {
  const layout = { rootFolder: '/scratch/root', systemFolders: ['/usr'], mountProc: true };
  const built = buildSupervisorArguments(layout, {
    binds: [],
    supervisor: '/scratch/supervisor',
    arguments: ['--some'],
  });

  it('let it make namespaces inside its own, and nothing more', () => {
    expect(built.flatMap((word, index) => (word === '--cap-add' ? [built[index + 1]] : []))).toEqual([
      'CAP_SYS_ADMIN',
      'CAP_SETPCAP',
      'CAP_NET_ADMIN',
    ]);
    expect(built).toContain('--unshare-user');
    expect(built.indexOf('--cap-drop')).toBeLessThan(built.indexOf('--cap-add'));
  });

  it('show nothing at all that can be written', () => {
    expect(built.filter((word) => ['--bind', '--tmpfs', '--dev', '--share-net'].includes(word))).toEqual([]);
    expect(built.join(' ')).toContain('--ro-bind /scratch/supervisor /run/supervisor --remount-ro /');
  });

  it('set no filter, which would bind the supervisor itself', () => {
    expect(built).not.toContain('--seccomp');
    expect(built.slice(-3)).toEqual(['--', '/run/supervisor/assay-supervisor', '--some']);
  });
});

describe('the examination of the machine', () => {
  const good =
    'files: bin box dev etc lib proc tmp usr\nbox:\nCapEff: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\nusers: 1000 60600 1\ndevices: lo\n';

  it('finds nothing wrong with a sandbox that holds', () => {
    expect(findLeaks(good, { seccomp: true })).toEqual([]);
  });

  it.each([
    ['files: bin', 'files: root var', 'root, var'],
    ['users: 1000 60600 1', 'users: 1000 0 1', 'root of the host'],
    ['users: 1000 60600 1', 'users: 0 0 4294967295', 'root of the host'],
    ['devices: lo', 'devices: lo eth0', 'eth0'],
    ['CapEff: 0000000000000000', 'CapEff: 0000000000200000', 'capabilities'],
    ['NoNewPrivs: 1', 'NoNewPrivs: 0', 'privileges'],
    ['Seccomp: 2', 'Seccomp: 0', 'filter'],
    ['box:', 'writable: yes\nbox:', 'write outside'],
  ])('reports %s turned into %s', (right, wrong, word) => {
    expect(findLeaks(good.replace(right, wrong), { seccomp: true }).join()).toContain(word);
  });

  it('takes an empty report for a failure', () => {
    expect(findLeaks('', { seccomp: true })).not.toEqual([]);
  });

  it('knows a masked /proc, and what to do when namespaces are refused', () => {
    expect(isProcRefused("bwrap: Can't mount proc on /newroot/proc: Operation not permitted")).toBe(true);
    expect(explainComplaint('bwrap: No permissions to create new namespace')).toContain(
      'kernel.unprivileged_userns_clone',
    );
    expect(explainComplaint('bwrap: setting up uid map: Permission denied')).toMatch(/docs\/sandbox.md/);
    expect(explainComplaint('something else')).toBe('something else');
  });

  it('refuses an OCI runtime that does not exist, and every session with it', async () => {
    const oci = { runtime: 'no-such-runtime', arguments: [] };
    const sandbox = new BubblewrapSandbox({ driver: 'oci', concurrency: 1, oci });
    const capabilities = await sandbox.probe();
    expect(capabilities).toMatchObject({ usable: false, driver: 'none' });
    expect(capabilities.reason).toMatch(/no-such-runtime: it is not installed|SANDBOX=oci needs/);
    await expect(sandbox.open({ runtime: 'python', network: 'none' })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'sandbox_unavailable',
    });
    await sandbox.shutDown();
  });

  it('refuses a scratch folder that is not there', async () => {
    const sandbox = new BubblewrapSandbox({ driver: 'auto', concurrency: 1, scratchDirectory: '/nonexistent' });
    expect(await sandbox.probe()).toMatchObject({ usable: false });
  });
});

describe('users of the host', () => {
  it('are never root, never two of one, and never somebody', () => {
    const pool = new SlotPool(100, true);
    const uids = Array.from({ length: 100 }, () => pool.acquire()?.uid ?? 0);
    expect(new Set(uids).size).toBe(100);
    expect(Math.min(...uids)).toBeGreaterThanOrEqual(60_578);
    expect(Math.max(...uids)).toBeLessThanOrEqual(61_183);
    expect(pool.acquire()).toBeNull();
  });

  it('are given again when a session is closed, lowest first', () => {
    const pool = new SlotPool(2, true);
    const [one, two] = [pool.acquire(), pool.acquire()];
    if (one === null || two === null) throw new Error('two slots');
    pool.release(two);
    pool.release(one);
    expect(pool.acquire()).toEqual(one);
  });

  it('are left alone when the worker is not root', () => {
    expect(new SlotPool(1, false).acquire()).toEqual({ index: 0, uid: null });
  });
});

describe('the name of a process', () => {
  const own = ownIdentity();

  it('outlives its pid', () => {
    expect(isAbandoned(nameOwnedBy(own, 'assay', '1'), 'assay', own)).toBe(false);
    expect(isAbandoned(nameOwnedBy({ ...own, startTime: '1' }, 'assay', '1'), 'assay', own)).toBe(true);
  });

  it('of another pid namespace, or no name of ours, is never called abandoned', () => {
    expect(isAbandoned(nameOwnedBy({ ...own, pidNamespace: '1', pid: 999_999_999 }, 'assay', '1'), 'assay', own)).toBe(
      false,
    );
    for (const name of ['assay', 'assay-worker', 'assay-1-2', 'other']) {
      expect(isAbandoned(name, 'assay', own)).toBe(false);
    }
  });
});

describe('the runtimes', () => {
  it('are all named, available or not', async () => {
    const runtimes = await detectRuntimes();
    expect(runtimes.map((runtime) => runtime.key)).toEqual([...RUNTIME_KEYS]);
    for (const runtime of runtimes) {
      expect(runtime.available).toBe(runtime.reason === null);
      expect(runtime.available).toBe(runtime.version !== null);
    }
    expect(await detectRuntimes()).toBe(runtimes);
  });

  it('run their interpreter by its absolute path, never a shim', async () => {
    for (const runtime of (await detectRuntimes()).filter((candidate) => candidate.available)) {
      expect(runtime.command(null, [], limits)[0]).toMatch(/^\/(?:usr|opt|box)\//);
      expect(runtime.command(null, ['a b', '$x'], limits).slice(-2)).toEqual(['a b', '$x']);
    }
  });

  it('run what a build makes, whatever source file is named', async () => {
    const c = (await detectRuntimes()).find((runtime) => runtime.key === 'c');
    expect(c?.command(null, [], limits)).toEqual(['/box/program']);
    expect(c?.command('main.c', [], limits)).toEqual(['/box/program']);
    expect(c?.command('bin/tool', [], limits)).toEqual(['/box/bin/tool']);
  });

  it('find the class that a Java file means, and a heap that fits', async () => {
    expect(mainClassOf('Main.java')).toBe('Main');
    expect(mainClassOf('./a/b/Main.java')).toBe('a.b.Main');
    expect(mainClassOf('a.b.Main')).toBe('a.b.Main');
    const java = (await detectRuntimes()).find((runtime) => runtime.key === 'java');
    expect(java?.command(null, [], limits)).toContain('-Xmx192m');
    expect(java?.command(null, [], { ...limits, memoryMiB: 32 })).toContain('-Xmx16m');
  });
});
