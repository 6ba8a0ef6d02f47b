import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { readProcessStat } from '../../src/sandbox/process-identity.js';
import { findTemplate } from '../../src/sandbox/supervisor-program.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { waitFor } from '../support/wait-for.js';
import { createForkingSandbox, endOf, file, inSession, runScript, scriptStep, text, WAYS } from './fork-server-ways.js';
import { programsOf, sandboxProcessesBelow, tracesOf } from './sandbox-traces.js';

const IS_FORKED = 'print("assay-supervisor.so" in open("/proc/self/maps").read())\n';

let sandbox: Sandbox | undefined;

function expectNothingLeft(): void {
  expect(tracesOf()).toMatchObject({ processes: [], cgroups: [], folders: [] });
}

afterEach(async () => {
  await sandbox?.shutDown();
  sandbox = undefined;
  expectNothingLeft();
});

async function open(concurrency = 1): Promise<Sandbox> {
  sandbox = await createForkingSandbox(concurrency);
  return sandbox;
}

const pidsOf = (name: string): readonly number[] =>
  sandboxProcessesBelow(process.pid)
    .filter((line) => line.endsWith(` ${name}`))
    .map((line) => Number.parseInt(line, 10));

/** Without giving the worker a moment to notice. */
function killNow(name: string): void {
  const all = [...pidsOf('bwrap'), ...pidsOf('assay-lane')];
  const victims = pidsOf(name);
  expect(victims).not.toEqual([]);
  for (const pid of victims) process.kill(pid, 'SIGKILL');
  // What is dead stays a zombie until its parent, which may be this very process, asks for it.
  while (!all.every((pid) => 'ZX'.includes(readProcessStat(pid)?.[0] ?? 'X')));
}

async function expectForked(one: Sandbox): Promise<void> {
  const outcome = await runScript(one, 'forked', IS_FORKED);
  expect([endOf(outcome), text(outcome)]).toEqual(['exited 0', 'True\n']);
}

describe('a lane', () => {
  it('serves a hundred submissions, and is then replaced', async () => {
    const one = await open();
    const served = new Map<number, number>();
    for (let submission = 1; submission <= 200; submission++) {
      await inSession(one, 'forked', async (session) => {
        // Laying files begins a submission; the lane has then started.
        await session.put([file('main.py', IS_FORKED)]);
        const [lane] = pidsOf('assay-lane');
        served.set(lane ?? 0, (served.get(lane ?? 0) ?? 0) + 1);
      });
    }
    // The first one had served the trial of the fork server.
    expect([...served.values()]).toEqual([99, 100, 1]);
    await expectForked(one);
  });

  it.each(['bwrap', 'assay-lane'])('that dies while nobody uses it is replaced: %s killed', async (victim) => {
    const one = await open();
    await expectForked(one);
    for (let turn = 0; turn < 5; turn++) {
      killNow(victim);
      await expectForked(one);
    }
  });

  it.each(['assay-lane', 'supervisor', 'assay-test'])(
    'whose %s dies under a program fails that submission only',
    async (victim) => {
      const one = await open();
      const other = inSession(one, 'forked', async (session) => {
        await session.put([file('main.py', 'import time\ntime.sleep(600)\n')]);
        return session.run(await scriptStep());
      });
      await waitFor(() => Promise.resolve(programsOf().length > 0 ? true : null), { until: 'the program runs' });
      for (const pid of pidsOf(victim)) process.kill(pid, 'SIGKILL');
      expect((await other).kind).toBe('sandbox_failure');
      expect(programsOf()).toEqual([]);
      await expectForked(one);
    },
  );

  it.each([
    ['lane', false],
    ['submission', true],
  ] as const)(
    'is used again after a program met a limit, unless it keeps namespaces: reuse of the %s',
    async (reuse, isUsed) => {
      const one = await open();
      const lanes: (number | undefined)[] = [];
      const run = (script: string) =>
        inSession(
          one,
          'forked',
          async (session) => {
            await session.put([file('main.py', script)]);
            lanes.push(pidsOf('assay-lane')[0]);
            return session.run(await scriptStep());
          },
          reuse,
        );
      // The lane of another kind, that of the trial, ends with the first one.
      for (let turn = 0; turn < 2; turn++) expect(endOf(await run('print(1)'))).toBe('exited 0');
      expect(endOf(await run('while True: print("x" * 1000)'))).toBe('output_limit');
      expect(endOf(await run('print(1)'))).toBe('exited 0');
      expect(lanes[2]).toBe(lanes[1]);
      expect(lanes[3] === lanes[2]).toBe(isUsed);
    },
  );

  it.each(WAYS)('is shared by submissions one after the other, and not side by side: %s', async (way) => {
    const one = await open(2);
    const script = 'import time, sys\nprint(open("/box/own").read())\ntime.sleep(0.3)\n';
    const run = (own: string) =>
      inSession(one, way, async (session) => {
        await session.put([file('main.py', script), file('own', own)]);
        return text(await session.run(await scriptStep()));
      });
    expect(await Promise.all(['1', '2', '3', '4', '5'].map(run))).toEqual(['1\n', '2\n', '3\n', '4\n', '5\n']);
    expect(await run('6')).toBe('6\n');
  });
});

/** A folder as the build makes it, where the template's files can be others. */
function supervisorWith(change: (template: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-test-template-'));
  const program = join(folder, 'assay-supervisor');
  copyFileSync(requiredSupervisor(), program);
  chmodSync(program, 0o755);
  mkdirSync(join(folder, 'template'));
  for (const path of findTemplate(requiredSupervisor())) copyFileSync(path, join(folder, 'template', basename(path)));
  change(join(folder, 'template'));
  return program;
}

const change = (file: string, to: (text: string) => string) => (template: string) => {
  const path = join(template, file);
  writeFileSync(path, to(readFileSync(path, 'utf8')));
};

const OBSTACLES: readonly {
  readonly what: string;
  readonly said: RegExp;
  readonly obstacle: (template: string) => void;
}[] = [
  {
    what: 'the interpreter has no ctypes',
    said: /ctypes/,
    obstacle: change('sitecustomize.py', (source) => `import sys\nsys.modules["_ctypes"] = None\n${source}`),
  },
  {
    what: 'the library cannot be loaded',
    said: /assay-supervisor\.so/,
    obstacle: change('assay-supervisor.so', () => 'no library'),
  },
  {
    what: 'the interpreter crashes',
    said: /./,
    obstacle: change('sitecustomize.py', () => 'import os\nos.abort()\n'),
  },
  {
    what: 'the interpreter does not stop where it should',
    said: /./,
    obstacle: change('sitecustomize.py', () => ''),
  },
];

describe('a sandbox whose template cannot start', () => {
  it.each(OBSTACLES)('says so and executes every program, when $what', async ({ said, obstacle }) => {
    const supervisor = supervisorWith(obstacle);
    const logged: string[] = [];
    try {
      const one = new BubblewrapSandbox({
        driver: 'bubblewrap',
        concurrency: 1,
        supervisor,
        logger: (level, message) => logged.push(`${level} ${message}`),
      });
      sandbox = one;
      const { usable, forkServer, warnings } = await one.probe();
      expect({ usable, forkServer }).toEqual({ usable: true, forkServer: false });
      expect(
        warnings.filter((warning) => /Python starts anew for each test/.test(warning) && said.test(warning)),
      ).toHaveLength(1);
      expect(logged.filter((line) => /^warn .*Python starts anew/.test(line))).toHaveLength(1);
      const outcome = await runScript(one, 'forked', IS_FORKED);
      expect([endOf(outcome), text(outcome)]).toEqual(['exited 0', 'False\n']);
    } finally {
      await sandbox?.shutDown();
      rmSync(dirname(supervisor), { recursive: true });
    }
  });

  it('says so and executes the programs of a submission, when only some cannot', async () => {
    const logged: string[] = [];
    const logger = (level: string, message: string) => logged.push(`${level} ${message}`);
    const supervisor = requiredSupervisor();
    const one = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, supervisor, logger });
    sandbox = one;
    expect(await one.probe()).toMatchObject({ usable: true, forkServer: true });
    await expectForked(one);
    const [scratch] = tracesOf().folders;
    const path = join(tmpdir(), scratch ?? '', 'supervisor/sitecustomize.py');
    const whole = readFileSync(path);
    writeFileSync(path, 'import nothing_of_this_name\n');
    // The lane that there is goes on; a new one would be needed for this entrypoint.
    await expectForked(one);
    killNow('assay-lane');
    const outcome = await runScript(one, 'forked', IS_FORKED);
    expect([endOf(outcome), text(outcome)]).toEqual(['exited 0', 'False\n']);
    expect(logged.filter((line) => /^warn .*programs are executed.*nothing_of_this_name/s.test(line))).toHaveLength(1);
    writeFileSync(path, whole);
    await expectForked(one);
  });

  it('does without, when its files were not built', async () => {
    const supervisor = supervisorWith((template) => rmSync(template, { recursive: true }));
    try {
      const one = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, supervisor });
      sandbox = one;
      expect(await one.probe()).toMatchObject({ usable: true, forkServer: false });
      expect(text(await runScript(one, 'forked', IS_FORKED))).toBe('False\n');
    } finally {
      await sandbox?.shutDown();
      rmSync(dirname(supervisor), { recursive: true });
    }
  });
});
