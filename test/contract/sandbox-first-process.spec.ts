import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { firstProcessCommand, parseStatus } from '../../src/sandbox/first-process.js';

const options = {
  limits: { cpuSeconds: 2, processes: 9, fileSizeMiB: 5, dataMiB: null },
  cgroups: 3,
  collect: false,
  reportTimes: false,
  reports: false,
  strayDescriptors: [],
};

describe('the first process', () => {
  it('takes the program and its environment as arguments, never as text of its script', () => {
    const hostile = '"; $(touch /x) `id`';
    const command = firstProcessCommand(options, { ONE: hostile }, ['/bin/echo', hostile]);
    expect(command[0]).toBe('/bin/sh');
    expect(command[2]).not.toContain('touch');
    expect(command.slice(4)).toEqual([`ONE=${hostile}`, '/bin/echo', hostile]);
  });

  it('refuses names that a shell would not export, or would take for something else', () => {
    for (const name of ['', 'A B', '1A', 'A=B', '-n', 'A\n']) {
      expect(() => firstProcessCommand(options, { [name]: 'x' }, ['/bin/true'])).toThrow(/not valid/);
    }
  });

  it.each([
    ['a run', options],
    [
      'a build without cgroups',
      { ...options, cgroups: 0, collect: true, reportTimes: true, limits: { ...options.limits, dataMiB: 64 } },
    ],
    ['a run of a worker with stray descriptors', { ...options, strayDescriptors: [20, 251] }],
  ])('is a script that every shell accepts: %s', (_name, variant) => {
    const [, , script] = firstProcessCommand(variant, { A: '1' }, ['/bin/true']);
    for (const shell of ['/bin/sh', '/bin/bash']) execFileSync(shell, ['-n', '-c', script ?? '']);
  });

  it('leaves the descriptor 3 open for reports alone', () => {
    expect(firstProcessCommand(options, {}, ['/bin/true'])[2]).toContain('exec 3>&- ');
    expect(firstProcessCommand({ ...options, reports: true }, {}, ['/bin/true'])[2]).not.toContain('3>&-');
  });

  it('closes stray descriptors with a shell that can name them', () => {
    const command = firstProcessCommand({ ...options, strayDescriptors: [251] }, {}, ['/bin/true']);
    expect(command[0]).toBe('/bin/bash');
    expect(command[2]).toContain('251>&-');
  });
});

describe('the status stream', () => {
  it('is a complaint until the program starts', () => {
    expect(parseStatus("bwrap: Can't mount proc\n")).toMatchObject({
      ready: false,
      exitStatus: null,
      complaint: "bwrap: Can't mount proc",
    });
    expect(parseStatus('half a li')).toMatchObject({ ready: false, complaint: 'half a li' });
  });

  it('tells an exit from a signal that the shell announced', () => {
    expect(parseStatus('assay:ready\nassay:exit 139\n')).toMatchObject({
      ready: true,
      exitStatus: 139,
      announcedSignal: false,
      complaint: '',
    });
    expect(parseStatus('assay:ready\nSegmentation fault\nassay:exit 139\n')).toMatchObject({
      exitStatus: 139,
      announcedSignal: true,
    });
  });

  it('is not read before its line is complete', () => {
    expect(parseStatus('assay:ready\nassay:exit 13')).toMatchObject({ ready: true, exitStatus: null });
  });

  it('knows whether the whole archive was sent', () => {
    expect(parseStatus('assay:ready\nassay:exit 0\n').collected).toBe(false);
    expect(parseStatus('assay:ready\nassay:exit 0\nassay:collected\n').collected).toBe(true);
  });

  it("takes the children's line of times", () => {
    expect(parseStatus('assay:ready\n0m0.000s 0m0.010s\n1m1.500s 0m0.500s\nassay:exit 0\n')).toMatchObject({
      childrenCpuTimeMs: 62_000,
      announcedSignal: false,
    });
  });
});
