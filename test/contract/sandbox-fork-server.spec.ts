import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { ENDING_PROGRAMS } from './fork-server-endings.js';
import { INSIDE_PROGRAMS } from './fork-server-insides.js';
import { type ComparedProgram, OUTWARD_PROGRAMS } from './fork-server-programs.js';
import {
  createForkingSandbox,
  endOf,
  errors,
  file,
  inSession,
  runScript,
  scriptStep,
  text,
  type Way,
  WAYS,
} from './fork-server-ways.js';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createForkingSandbox();
});
afterAll(() => sandbox.shutDown());

function run(way: Way, { script, files = {}, args, stdin }: ComparedProgram): Promise<RunOutcome> {
  return inSession(sandbox, way, async (session) => {
    const all = Object.entries({ ...files, ...(script === null ? {} : { 'main.py': script }) });
    await session.put(all.map(([path, content]) => file(path, content)));
    return session.run(await scriptStep({ args: args ?? [], stdin: stdin ?? '' }));
  });
}

/** An executed program's addresses differ from run to run. */
const withoutAddresses = (bytes: Buffer) => bytes.toString('latin1').replace(/0x[0-9a-f]{6,}/g, '0x…');

/** Everything that can be compared. */
function facts(outcome: RunOutcome) {
  return {
    end: endOf(outcome),
    stdout: withoutAddresses(outcome.stdout),
    stderr: withoutAddresses(outcome.stderr),
    cut: [outcome.stdoutTruncated, outcome.stderrTruncated],
  };
}

describe('a copy of a started interpreter', () => {
  it('is what a step gets that runs the entrypoint and adds nothing to the environment, and only such a one', async () => {
    const script = 'print("assay-supervisor.so" in open("/proc/self/maps").read())';
    const [forked, more, build, executed] = await inSession(sandbox, 'forked', async (session) => {
      await session.put([file('main.py', script), file('other.py', script)]);
      const step = await scriptStep({ args: ['one'] });
      return [
        await session.run(step),
        await session.run({ ...step, environment: { MORE: 'x' } }),
        await session.run({ ...step, keepFiles: true }),
        await session.run({ ...step, argv: step.argv.map((word) => (word === 'main.py' ? 'other.py' : word)) }),
      ];
    });
    expect([forked, more, build, executed].map((outcome) => outcome && text(outcome))).toEqual([
      'True\n',
      'False\n',
      'False\n',
      'False\n',
    ]);
    expect(text(await runScript(sandbox, 'executed', script))).toBe('False\n');
  });

  it.each([...OUTWARD_PROGRAMS, ...INSIDE_PROGRAMS, ...ENDING_PROGRAMS])(
    'does the same as one of its own: $name',
    async (program) => {
      const [executed, forked] = [facts(await run('executed', program)), facts(await run('forked', program))];
      expect(executed.end, executed.stderr).toBe(program.ends ?? 'exited 0');
      expect(forked).toEqual(executed);
    },
  );

  it.each(['sub/folder/prog.py', 'ünï code.py', './main.py', 'prog', '=.py', '/box/main.py'])(
    'does the same as one of its own, from the file %s',
    async (entrypoint) => {
      const script =
        'import sys, beside\nprint(sys.argv, sys.orig_argv, sys.path, __file__, beside.__file__, open("/proc/self/cmdline").read())\nprint("assay-supervisor.so" in open("/proc/self/maps").read(), file=sys.stderr)\n1 / 0\n';
      const path = entrypoint.replace(/^(?:\.\/|\/box\/)/, '');
      const beside = path.replace(/[^/]*$/, 'beside.py');
      const outcomes: RunOutcome[] = [];
      for (const forkServer of [null, { entrypoint }]) {
        const session = await sandbox.open({ runtime: 'python', network: 'none', forkServer });
        await session.put([file(path, script), file(beside, '')]);
        const step = await scriptStep({ args: ['one'] });
        const argv = step.argv.map((word) => (word === 'main.py' ? entrypoint : word));
        outcomes.push(await session.run({ ...step, argv }));
        await session.close();
      }
      const [executed, forked] = outcomes.map((outcome) => ({
        end: endOf(outcome),
        said: text(outcome),
        told: errors(outcome),
      }));
      expect(executed?.told).toMatch(/^False\n.*ZeroDivisionError/s);
      expect(forked).toEqual({ ...executed, told: executed?.told.replace('False', 'True') });
    },
  );

  it.each(['-x.py', '-', '--help', '-c'])(
    'is not made where the interpreter takes its file for an option: %s',
    async (entrypoint) => {
      const outcomes: unknown[] = [];
      for (const forkServer of [null, { entrypoint }]) {
        const session = await sandbox.open({ runtime: 'python', network: 'none', forkServer });
        const step = await scriptStep({ stdin: 'print("from input")' });
        const argv = step.argv.map((word) => (word === 'main.py' ? entrypoint : word));
        outcomes.push(facts(await session.run({ ...step, argv })));
        await session.close();
      }
      expect(outcomes[0]).toMatchObject({ end: expect.stringMatching(/^exited/) });
      expect(outcomes[1]).toEqual(outcomes[0]);
    },
  );

  it('does the same as one of its own with a report and protected files', async () => {
    const script = `
import os, sys, stat, subprocess
print(os.listdir("/grader"), open("/grader/secret").read(), os.listdir("/box"), os.listdir("/proc/self/fd"), os.getcwd(), sys.path)
print(os.get_inheritable(3), stat.filemode(os.fstat(3).st_mode), os.write(3, b"told"))
for attempt in ("open('/grader/secret', 'w')", "open('/grader/more', 'w')", "os.remove('/grader/secret')", "os.rename('/grader', '/box/g')", "os.chmod('/grader/secret', 0o777)"):
    try: eval(attempt); print("allowed", attempt)
    except OSError as error: print(error)
print([line.split()[3:6] for line in open("/proc/self/mountinfo") if "/grader" in line])
print(subprocess.run(["/bin/sh", "-c", "ls /proc/self/fd"], capture_output=True))
`;
    const [forked, executed] = await Promise.all(
      WAYS.map((way) =>
        inSession(sandbox, way, async (session) => {
          await session.put([file('main.py', script), file('secret', 'kept', true)]);
          const outcome = await session.run(await scriptStep({ reports: true, showsProtected: true }));
          return { ...facts(outcome), report: outcome.report?.toString() };
        }),
      ),
    );
    expect(executed?.end, executed?.stderr).toBe('exited 0');
    expect(executed?.report).toBe('told');
    expect(executed?.stdout).not.toContain('allowed');
    expect(forked).toEqual(executed);
  });

  it.each([
    [
      'random',
      'import random; print([random.random() for _ in range(3)], random.getrandbits(64), random.Random().random())',
    ],
    ['uuid', 'import uuid; print(uuid.uuid4())'],
    ['secrets', 'import os, secrets; print(secrets.token_hex(), os.urandom(8))'],
    ['tempfile', 'import tempfile; print(tempfile.mkdtemp())'],
    ['SSL', 'import ssl; print(ssl.RAND_bytes(8))'],
  ])('repeats nothing that is random: %s', async (_, script) => {
    const outputs = await inSession(sandbox, 'forked', async (session) => {
      await session.put([file('main.py', script)]);
      const step = await scriptStep();
      return [await session.run(step), await session.run(step)].map((outcome) => text(outcome) + errors(outcome));
    });
    expect(new Set(outputs)).toHaveProperty('size', 2);
    expect(outputs.join()).not.toContain('Traceback');
  });
});

/** What a program can tell the two ways by, if it wants to: docs/sandbox.md names them. */
const ACCEPTED: readonly {
  readonly what: string;
  readonly script: string;
  readonly forked: unknown;
  readonly executed: unknown;
}[] = [
  {
    what: 'the library that stopped the interpreter is in its memory',
    script: 'print(str("assay-supervisor.so" in open("/proc/self/maps").read()).lower())',
    forked: true,
    executed: false,
  },
  {
    what: 'what was there before the program is kept out of the garbage collector',
    script: 'import gc; print(str(gc.get_freeze_count() > 0).lower())',
    forked: true,
    executed: false,
  },
  {
    what: 'a destructor that the program gives to what was there before it is not called at the end',
    script:
      'import os\nprint(1, end="", flush=True)\ntype(os.environ).__del__ = lambda self, write=os.write: write(1, b"1")',
    forked: 1,
    executed: 111,
  },
  {
    what: "types of a second ctypes are among object's",
    script: 'import ctypes; print([t.__name__ for t in ctypes._SimpleCData.__subclasses__()].count("c_long"))',
    forked: 2,
    executed: 1,
  },
];

/** How many different places the same things have in several tests of one submission. */
const places = (way: Way) =>
  inSession(sandbox, way, async (session) => {
    await session.put([file('main.py', 'print(id(object()), id(len), open("/proc/self/stat").read().split()[27])')]);
    const step = await scriptStep();
    return new Set([text(await session.run(step)), text(await session.run(step)), text(await session.run(step))]).size;
  });

describe('a copy differs', () => {
  it.each(ACCEPTED)('in that $what', async ({ script, forked, executed }) => {
    expect(JSON.parse(text(await runScript(sandbox, 'forked', script)))).toBe(forked);
    expect(JSON.parse(text(await runScript(sandbox, 'executed', script)))).toBe(executed);
  });

  it('in that its addresses are those of the test before', async () => {
    expect(await places('forked')).toBe(1);
    expect(await places('executed')).toBeGreaterThan(1);
  });
});
