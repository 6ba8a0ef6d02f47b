import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { COUNTS, REACH_UP } from './fork-server-attempts.js';
import {
  createForkingSandbox,
  endOf,
  errors,
  file,
  inSession,
  LIMITS,
  runScript,
  type ScriptOptions,
  scriptStep,
  text,
  type Way,
  WAYS,
} from './fork-server-ways.js';
import { programsOf, tracesOf } from './sandbox-traces.js';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createForkingSandbox();
});
afterAll(() => sandbox.shutDown());

const LOOP = 'while True: pass\n';
const FAMILY = (work: string) =>
  `import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nfor n in range(4):\n    if os.fork() == 0:\n        ${work}\n        os._exit(0)\nwhile True: time.sleep(1)\n`;

const ENDS: readonly {
  readonly what: string;
  readonly script: string;
  readonly ends: string;
  readonly options?: ScriptOptions;
}[] = [
  { what: 'CPU time', script: LOOP, ends: 'cpu_limit', options: { limits: { cpuTimeMs: 300 } } },
  {
    what: 'CPU time of children that nobody waits for',
    script: FAMILY('while True: pass'),
    ends: 'cpu_limit',
    options: { limits: { cpuTimeMs: 600 } },
  },
  {
    what: 'CPU time, with SIGXCPU ignored',
    script: `import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n${LOOP}`,
    ends: 'cpu_limit',
    options: { limits: { cpuTimeMs: 300 } },
  },
  {
    what: 'elapsed time',
    script: 'import time\ntime.sleep(600)\n',
    ends: 'wall_limit',
    options: { limits: { wallTimeMs: 500 } },
  },
  {
    what: 'elapsed time, with everything ignored that can be',
    script:
      'import signal, time\nfor s in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: time.sleep(1)\n',
    ends: 'wall_limit',
    options: { limits: { wallTimeMs: 700 } },
  },
  {
    what: 'elapsed time of one that has stopped itself',
    script: 'import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n',
    ends: 'wall_limit',
    options: { limits: { wallTimeMs: 500 } },
  },
  { what: 'memory', script: 'kept = []\nwhile True: kept.append(b"x" * (1 << 20))\n', ends: 'memory_limit' },
  { what: 'memory of all processes', script: FAMILY('kept = b"x" * (40 << 20); time.sleep(60)'), ends: 'memory_limit' },
  {
    what: 'memory in files',
    script:
      'for name in ("/tmp/a", "/box/b"):\n    with open(name, "wb") as f:\n        for n in range(90): f.write(bytes(1 << 20))\n',
    ends: 'memory_limit',
    options: { limits: { diskMiB: 100 } },
  },
  {
    what: 'the stack',
    script:
      'import ctypes\nself = ctypes.CFUNCTYPE(None)\ndef f(): callback()\ncallback = self(f)\nimport sys; sys.setrecursionlimit(1 << 30); callback()\n',
    ends: 'signalled SIGSEGV',
    options: { limits: { memoryMiB: 512 } },
  },
  { what: 'standard output', script: 'while True: print("x" * 1000)\n', ends: 'output_limit' },
  { what: 'standard error', script: 'import sys\nwhile True: sys.stderr.write("x" * 1000)\n', ends: 'output_limit' },
  {
    what: 'the report',
    script: 'import os\nwhile True: os.write(3, b"x" * 1000)\n',
    ends: 'output_limit',
    options: { reports: true },
  },
];

describe.each(WAYS)('a program that is %s', (way) => {
  it.each(ENDS)('is ended by the limit of $what', async ({ script, ends, options = {} }) => {
    const outcome = await runScript(sandbox, way, script, options);
    expect(endOf(outcome), errors(outcome).slice(-500)).toBe(ends);
    const most = LIMITS.outputKiB * 1024;
    expect(outcome.stdout.length).toBe(outcome.stdoutTruncated ? most : Math.min(outcome.stdout.length, most));
    expect(outcome.stdoutTruncated || outcome.stderrTruncated || outcome.report?.length === most).toBe(
      ends === 'output_limit',
    );
  });

  it('leaves no core and no process behind', async () => {
    const script = `
import os, signal, sys, time
if sys.argv[1:] == ["look"]: print(os.listdir("/box"), os.listdir("/tmp"), sorted(n for n in os.listdir("/proc") if n.isdigit())); sys.exit()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: signal.pause()
    os._exit(0)
os.chdir("/box"); os.kill(os.getpid(), signal.SIGSEGV)
`;
    await inSession(sandbox, way, async (session) => {
      await session.put([file('main.py', script)]);
      expect(endOf(await session.run(await scriptStep()))).toBe('signalled SIGSEGV');
      expect(programsOf()).toEqual([]);
      expect(text(await session.run(await scriptStep({ args: ['look'] })))).toBe("['main.py'] [] ['2']\n");
    });
  });

  it('shares no memory with anybody that could be written to', async () => {
    const script =
      'print([line for line in open("/proc/self/maps") if line.split()[1][3] == "s" and "w" in line.split()[1]])\n';
    expect(text(await runScript(sandbox, way, script))).toBe('[]\n');
  });

  it('can reach nothing above it', async () => {
    const outcome = await runScript(sandbox, way, REACH_UP);
    expect(endOf(outcome), errors(outcome)).toBe('exited 0');
    expect(text(outcome)).toBe('[]\n');
  });

  it('takes nothing with it when the kernel ends it for its memory', async () => {
    const script = 'import sys\nif sys.argv[1:]: kept = b"x" * (1 << 30)\nprint("fine")\n';
    await inSession(sandbox, way, async (session) => {
      await session.put([file('main.py', script)]);
      expect(text(await session.run(await scriptStep()))).toBe('fine\n');
      // The first of each name: the children of each have its name until they have become something else.
      const { processes } = tracesOf();
      const lane = ['bwrap', 'assay-lane', 'supervisor'].map((name) =>
        processes.find((line) => line.endsWith(` ${name}`)),
      );
      expect(lane).not.toContain(undefined);
      for (let turn = 0; turn < 3; turn++) {
        expect(endOf(await session.run(await scriptStep({ args: ['much'] })))).toBe('memory_limit');
        expect(text(await session.run(await scriptStep()))).toBe('fine\n');
      }
      expect(tracesOf().processes).toEqual(expect.arrayContaining(lane));
    });
  });
});

describe('both ways', () => {
  it('are told to use about the same memory, and never more than they may', async () => {
    const memoryMiB = 64;
    const peaks = async (way: Way) => {
      const used: number[] = [];
      for (const size of [0, 30, 50]) {
        const script = `kept = b"x" * (${size} << 20)\nprint(len(kept))\n`;
        const outcome = await runScript(sandbox, way, script, { limits: { memoryMiB } });
        expect(endOf(outcome), errors(outcome)).toBe('exited 0');
        expect(outcome.peakMemoryKiB).toBeGreaterThan(size << 10);
        expect(outcome.peakMemoryKiB).toBeLessThanOrEqual(memoryMiB << 10);
        used.push(outcome.peakMemoryKiB ?? 0);
      }
      return used;
    };
    const [executed, forked] = [await peaks('executed'), await peaks('forked')];
    for (const [index, peak] of forked.entries()) expect(Math.abs(peak - (executed[index] ?? 0))).toBeLessThan(4 << 10);
  });

  it.each(COUNTS)('meet the limit at the same place: $what', async ({ script }) => {
    const [executed, forked] = [
      await runScript(sandbox, 'executed', script),
      await runScript(sandbox, 'forked', script),
    ];
    expect(endOf(executed), errors(executed)).toBe('exited 0');
    expect(text(executed)).toMatch(/\d/);
    expect({ end: endOf(forked), said: text(forked) }).toEqual({ end: endOf(executed), said: text(executed) });
  });
});
