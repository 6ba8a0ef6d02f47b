import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ownCgroupDirectories, ownCgroupDirectory, type CgroupMounts } from '../../../src/sandbox/cgroup.js';
import { CgroupsV1 } from '../../../src/sandbox/cgroup-v1.js';
import { CgroupsV2 } from '../../../src/sandbox/cgroup-v2.js';
import { ownIdentity } from '../../../src/sandbox/process-identity.js';

let root: string;
const owner = ownIdentity();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-cgroup-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function folder(path: string, files: Readonly<Record<string, string>> = {}): string {
  const full = join(root, path);
  mkdirSync(full, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(full, name), content);
  return full;
}

const content = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('the place of our own cgroup', () => {
  const v1: CgroupMounts = {
    selfCgroup: '9:name=systemd:/\n4:memory:/a/b\n2:cpu,cpuacct:/c\n0::/u\n',
    mountInfo: [
      '30 20 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory',
      '31 20 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
      '32 20 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
    ].join('\n'),
  };

  it('is found for each controller, alone or together with another', () => {
    expect(ownCgroupDirectory(v1, 'memory')).toBe('/sys/fs/cgroup/memory/a/b');
    expect(ownCgroupDirectory(v1, 'cpuacct')).toBe('/sys/fs/cgroup/cpu,cpuacct/c');
    expect(ownCgroupDirectory(v1, null)).toBe('/sys/fs/cgroup/unified/u');
    expect(ownCgroupDirectory(v1, 'pids')).toBeNull();
  });

  it('is beside the cgroups of the runs, where the worker has moved to its leaf', () => {
    const moved = { ...v1, selfCgroup: '4:memory:/a/b\n0::/u/assay-worker\n' };
    const above = '/sys/fs/cgroup/unified/u';
    expect(ownCgroupDirectories(moved)).toEqual(['/sys/fs/cgroup/memory/a/b', `${above}/assay-worker`, above]);
  });

  it('is found in a container, where only our part is mounted', () => {
    const mounts = {
      selfCgroup: '4:memory:/docker/abc/worker\n',
      mountInfo: '30 20 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory',
    };
    expect(ownCgroupDirectory(mounts, 'memory')).toBe('/sys/fs/cgroup/memory/worker');
    expect(ownCgroupDirectory({ ...mounts, selfCgroup: '4:memory:/docker/abc\n' }, 'memory')).toBe(
      '/sys/fs/cgroup/memory',
    );
    expect(ownCgroupDirectory({ ...mounts, selfCgroup: '4:memory:/elsewhere\n' }, 'memory')).toBeNull();
  });
});

function mountsV2(path = '/worker.service'): CgroupMounts {
  return { selfCgroup: `0::${path}\n`, mountInfo: `30 20 0:26 / ${root} rw - cgroup2 cgroup2 rw` };
}

function delegated(more: Readonly<Record<string, string>> = {}): string {
  return folder('worker.service', {
    'cgroup.type': 'domain\n',
    'cgroup.controllers': 'cpu memory pids\n',
    'cgroup.subtree_control': '',
    'cgroup.procs': `${process.pid}\n`,
    ...more,
  });
}

function mountsV1(): CgroupMounts {
  return {
    selfCgroup: '4:memory:/own\n3:pids:/\n2:cpu,cpuacct:/\n',
    mountInfo: [
      `30 20 0:26 / ${root}/memory rw - cgroup cgroup rw,memory`,
      `31 20 0:27 / ${root}/pids rw - cgroup cgroup rw,pids`,
      `32 20 0:28 / ${root}/cpu rw - cgroup cgroup rw,cpu,cpuacct`,
    ].join('\n'),
  };
}

describe('cgroup v2', () => {
  it('moves the worker to a leaf, because a cgroup with processes may not hand on controllers', () => {
    const service = delegated();
    folder('worker.service/assay-worker', { 'cgroup.procs': '' });
    expect(CgroupsV2.find(mountsV2(), owner)?.version).toBe('v2');
    expect(content(service, 'assay-worker', 'cgroup.procs')).toBe(String(process.pid));
    expect(content(service, 'cgroup.subtree_control')).toBe('+memory +pids');
  });

  it("leaves the processes of the machine's root cgroup where they are", () => {
    folder('.', {
      'cgroup.controllers': 'cpu memory pids\n',
      'cgroup.subtree_control': '',
      'cgroup.procs': `2\n${process.pid}\n`,
    });
    expect(CgroupsV2.find(mountsV2('/'), owner)?.version).toBe('v2');
    expect(content(root, 'cgroup.subtree_control')).toBe('+memory +pids');
    expect(existsSync(join(root, 'assay-worker'))).toBe(false);
  });

  it('finds its place again when it is in that leaf', () => {
    const service = delegated({ 'cgroup.subtree_control': 'memory pids' });
    folder('worker.service/assay-worker');
    const cgroups = CgroupsV2.find(mountsV2('/worker.service/assay-worker'), owner);
    cgroups?.create({ memoryMiB: 1, processes: 1 });
    expect(readdirSync(service).filter((name) => name.startsWith('assay-')).length).toBe(2);
  });

  it('limits a run, reads its figures and kills it at once', () => {
    const service = delegated({ 'cgroup.subtree_control': 'memory pids' });
    const run = CgroupsV2.find(mountsV2(), owner)?.create({ memoryMiB: 64, processes: 9 });
    const name = readdirSync(service).find((entry) => entry.startsWith('assay-')) ?? '';
    const directory = folder(join('worker.service', name), {
      'cpu.stat': 'usage_usec 1234567\nuser_usec 1000000\n',
      'memory.peak': '1048576\n',
      'memory.events': 'low 0\noom 3\noom_kill 2\noom_group_kill 1\n',
      'cgroup.events': 'populated 1\nfrozen 0\n',
      'cgroup.kill': '',
    });
    expect(content(directory, 'memory.max')).toBe(String(64 << 20));
    expect(content(directory, 'pids.max')).toBe('9');
    expect(run?.cpuTimeMs()).toBe(1234.567);
    expect(run?.peakMemoryKiB()).toBe(1024);
    expect(run?.outOfMemoryKills()).toBe(2);
    expect(run?.isEmpty()).toBe(false);
    run?.kill();
    expect(content(directory, 'cgroup.kill')).toBe('1');
  });

  it('does without the peak on a kernel that does not keep it', () => {
    delegated({ 'cgroup.subtree_control': 'memory pids' });
    expect(CgroupsV2.find(mountsV2(), owner)?.create({ memoryMiB: 1, processes: 1 }).peakMemoryKiB()).toBeNull();
  });

  it('says what to do when the subtree is not ours', () => {
    folder('worker.service', { 'cgroup.controllers': 'memory pids' });
    folder('worker.service/cgroup.subtree_control'); // cannot be written
    expect(() => CgroupsV2.find(mountsV2(), owner)).toThrow(/not delegated.*Delegate=yes/);
    folder('other.service', { 'cgroup.controllers': 'memory', 'cgroup.subtree_control': '' });
    expect(() => CgroupsV2.find(mountsV2('/other.service'), owner)).toThrow(/no pids controller.*Delegate=yes/);
  });

  it('is not for machines whose controllers are all in v1', () => {
    folder('worker.service', { 'cgroup.controllers': '\n' });
    expect(CgroupsV2.find(mountsV2(), owner)).toBeNull();
  });

  it('removes what a dead worker left, and nothing else', async () => {
    delegated({ 'cgroup.subtree_control': 'memory pids' });
    const name = (pid: number, start: string, space = owner.pidNamespace) => `assay-${space}-${pid}-${start}-1`;
    const dead = [name(999_999_999, '1'), name(process.pid, '1')].map((entry) => folder(join('worker.service', entry)));
    const kept = [name(process.pid, owner.startTime), name(999_999_999, '1', '1'), 'assay-worker', 'other'].map(
      (entry) => folder(join('worker.service', entry)),
    );
    await CgroupsV2.find(mountsV2(), owner)?.removeAbandoned();
    expect(dead.some((directory) => existsSync(directory))).toBe(false);
    expect(kept.every((directory) => existsSync(directory))).toBe(true);
  });
});

describe('cgroup v1', () => {
  it('limits a run below our own place in each hierarchy, and reads its figures', () => {
    for (const path of ['memory/own', 'pids', 'cpu']) folder(path);
    const run = CgroupsV1.find(mountsV1(), owner)?.create({ memoryMiB: 64, processes: 9 });
    const name = readdirSync(join(root, 'pids'))[0] ?? '';
    folder(join('cpu', name), { 'cpuacct.usage': '1500000\n' });
    folder(join('memory/own', name), {
      'memory.max_usage_in_bytes': '2097152\n',
      'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n',
    });
    folder(join('pids', name), { 'cgroup.procs': '' });
    expect(content(root, 'memory/own', name, 'memory.limit_in_bytes')).toBe(String(64 << 20));
    expect(content(root, 'memory/own', name, 'memory.memsw.limit_in_bytes')).toBe(String(64 << 20));
    expect(content(root, 'pids', name, 'pids.max')).toBe('9');
    expect(run?.cpuTimeMs()).toBe(1.5);
    expect(run?.peakMemoryKiB()).toBe(2048);
    expect(run?.outOfMemoryKills()).toBe(4);
    expect(run?.isEmpty()).toBe(true);
  });

  it('is limited anew for each of the runs that share it', () => {
    for (const path of ['memory/own', 'pids', 'cpu']) folder(path);
    const run = CgroupsV1.find(mountsV1(), owner)?.create({ memoryMiB: 64, processes: 9 });
    const name = readdirSync(join(root, 'pids'))[0] ?? '';
    folder(join('memory/own', name), { 'memory.max_usage_in_bytes': '2097152\n', 'memory.oom_control': '' });
    folder(join('cpu', name), { 'cpuacct.usage': '1500000\n' });
    run?.limit({ memoryMiB: 128, processes: 3 });
    expect(content(root, 'memory/own', name, 'memory.limit_in_bytes')).toBe(String(128 << 20));
    expect(content(root, 'memory/own', name, 'memory.memsw.limit_in_bytes')).toBe(String(128 << 20));
    expect(content(root, 'pids', name, 'pids.max')).toBe('3');
    expect(run?.peakMemoryKiB()).toBe(0);
    const counters = run?.openCounters();
    expect(readFileSync(counters?.cpuTime ?? -1, 'latin1')).toBe('1500000\n');
    for (const descriptor of Object.values(counters ?? {})) closeSync(descriptor);
    expect(run?.joinCount).toBe(3);
  });

  it('needs all three controllers', () => {
    expect(CgroupsV1.find({ ...mountsV1(), selfCgroup: '4:memory:/own\n3:pids:/\n' }, owner)).toBeNull();
  });

  it('complains when a directory cannot be removed in time', async () => {
    for (const path of ['memory/own', 'pids', 'cpu']) folder(path);
    const run = CgroupsV1.find(mountsV1(), owner)?.create({ memoryMiB: 64, processes: 9 });
    await expect(run?.remove(10)).rejects.toThrow(/could not be removed/);
  });
});
