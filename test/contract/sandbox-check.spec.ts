import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { CheckedMachine } from '../../src/sandbox/self-test/render-report.js';

const PROGRAM = join(import.meta.dirname, '../../dist/src/sandbox-check.js');

interface Checked {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, as npm run sandbox:check and an image start it. */
function check(args: readonly string[], options: { readonly cwd?: string; readonly sandbox?: string } = {}) {
  const { cwd = '/', sandbox = 'auto' } = options;
  return new Promise<Checked>((resolve) => {
    const env = { PATH: '/usr/bin:/bin', SANDBOX: sandbox };
    execFile(process.execPath, [PROGRAM, ...args], { cwd, env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

describe('npm run sandbox:check', () => {
  it('prints a table of what holds, and says by its exit status that it does', async () => {
    const { status, stdout, stderr } = await check([]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('Running hostile programs') });
    expect(stdout).toMatch(/^Sandbox: +bubblewrap, /m);
    expect(stdout).toMatch(/^Runtimes: .*Bash/m);
    expect(stdout).toMatch(/^yes {2}network +A program reaches neither/m);
    expect(stdout).toMatch(/Student programs may be run here/);
  });

  it('prints nothing but JSON where a machine asks', async () => {
    const { status, stdout } = await check(['--json']);
    const { capabilities, runtimes, selfTest } = JSON.parse(stdout) as CheckedMachine;
    expect(status).toBe(0);
    expect(capabilities).toMatchObject({ driver: 'bubblewrap', usable: true });
    expect(runtimes.find(({ key }) => key === 'bash')).toMatchObject({ available: true });
    expect(selfTest).toMatchObject({ passed: true, driver: 'bubblewrap' });
    expect(selfTest.probes.find(({ name }) => name === 'dangerousCalls')).toMatchObject({ holds: 'yes' });
  });

  it('names what does not hold, with its cure, and ends with 1', async () => {
    const { status, stdout } = await check([], { cwd: '/usr' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^NO {3}files .*\n +seen: programs see \/usr of the host\n +cure: Install Assay/m);
    expect(stdout).toMatch(/must not be run here: files /);
  });

  it('says what is wrong with its own command line and environment', async () => {
    expect(await check(['--jsno'])).toMatchObject({ status: 1, stderr: expect.stringContaining('--json') });
    const { status, stderr } = await check([], { sandbox: 'none' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^assay: SANDBOX must be one of/) });
  });
});
