import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DomainError } from '../../src/errors/domain-error.js';
import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import type { Sandbox, SandboxCapabilities, SandboxSession, SandboxStep } from '../../src/sandbox/sandbox.js';
import { TIME_FACTOR, withRoomForTime } from '../support/test-kernel.js';
import { waitFor } from '../support/wait-for.js';
import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';
import { programsOf, tracesOf } from './sandbox-traces.js';

const LIMITS: RunLimits = withRoomForTime({
  cpuTimeMs: 5_000,
  wallTimeMs: 15_000,
  memoryMiB: 128,
  processes: 32,
  outputKiB: 64,
  diskMiB: 8,
});

const file = (path: string, content: string, executable = false) => ({
  path,
  content: Buffer.from(content),
  executable,
});

interface StepOptions extends Partial<Omit<SandboxStep, 'limits' | 'stdin'>> {
  readonly stdin?: string | Buffer;
  readonly limits?: Partial<RunLimits>;
}

function step(argv: readonly string[], options: StepOptions = {}): SandboxStep {
  return {
    environment: {},
    ...options,
    argv,
    stdin: Buffer.from(options.stdin ?? ''),
    limits: { ...LIMITS, ...options.limits },
  };
}

const shell = (script: string, options: StepOptions = {}) => step(['/bin/sh', '-c', script], options);
const python = (script: string, options: StepOptions = {}) =>
  step(['/usr/bin/python3', '-B', '-s', '-c', script], options);
const text = (outcome: RunOutcome) => outcome.stdout.toString('utf8');
const errors = (outcome: RunOutcome) => outcome.stderr.toString('utf8');

/** The shared sandbox keeps lanes, in which processes come and go by themselves. */
function standing() {
  const { processes, ...others } = tracesOf();
  return { ...others, processes: processes.filter((line) => / (?:bwrap|crun|runc|runsc)$/.test(line)) };
}

/** One small file under many names. */
const linking = (count: number) =>
  `import os\nopen("f", "w").write("x")\nfor i in range(${count}): os.link("f", f"l{i}")`;

/** Everywhere where something could outlive its process. */
const LEAVE_TRACES = `
import ctypes, os, socket, time
libc = ctypes.CDLL(None)
for path in ("/tmp/mark", "/dev/shm/mark", "/box/mark"): open(path, "w").write("x")
assert libc.shmget(0x1234, 4096, 0o1666) >= 0
libc.mq_open(b"/mark", os.O_CREAT | os.O_RDWR, 0o666, None)
server = socket.create_server(("127.0.0.1", 7777))
client = socket.create_connection(("127.0.0.1", 7777))
other = server.accept()[0]
other.close()  # The side that closes first keeps its port in TIME_WAIT.
client.close()
if os.fork() == 0:
  os.setsid()
  if os.fork() == 0:
    abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0mark"); abstract.listen(1)
    time.sleep(600)
  os._exit(0)
time.sleep(0.1)
print("left")
`;

const LOOK_FOR_TRACES = `
import ctypes, os, socket
libc = ctypes.CDLL(None)
found = [path for path in ("/tmp/mark", "/dev/shm/mark", "/box/mark") if os.path.exists(path)]
def attempt(name, action):
  try: action(); found.append(name)
  except OSError: pass
if libc.shmget(0x1234, 4096, 0) >= 0: found.append("shared memory")
if libc.mq_open(b"/mark", os.O_RDWR) >= 0: found.append("message queue")
attempt("abstract socket", lambda: socket.socket(socket.AF_UNIX).connect("\\0mark"))
attempt("port", lambda: socket.create_connection(("127.0.0.1", 7777), 0.3))
found += open("/proc/net/tcp").read().splitlines()[1:]
bound = socket.socket(); bound.bind(("127.0.0.1", 7777))
found += [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]
print(found)
`;

describe.each(SANDBOX_ADAPTERS)('$name as a sandbox', ({ create }) => {
  let sandbox: Sandbox;
  let capabilities: SandboxCapabilities;

  beforeAll(async () => {
    sandbox = create();
    capabilities = await sandbox.probe();
    if (!capabilities.usable) throw new Error(capabilities.reason ?? 'not usable');
  });

  afterAll(async () => {
    await sandbox.shutDown();
  });

  async function inSession<T>(work: (session: SandboxSession) => Promise<T>, runtime = 'python'): Promise<T> {
    const session = await sandbox.open({ runtime, network: 'none' });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  const run = (one: SandboxStep) => inSession((session) => session.run(one));

  describe('says how a program ended', () => {
    it('by its exit status', async () => {
      const outcome = await run(shell('echo out; echo err >&2; exit 7'));
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 7, signal: null, reason: null });
      expect(text(outcome)).toBe('out\n');
      expect(errors(outcome)).toBe('err\n');
    });

    it('by the signal that killed it', async () => {
      expect(await run(shell('kill -TERM $$'))).toMatchObject({ kind: 'signalled', exitCode: null, signal: 'SIGTERM' });
      expect(await run(shell('kill -KILL $$'))).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
    });

    it('without taking a high exit status for a signal', async () => {
      expect(await run(shell('exit 139'))).toMatchObject({ kind: 'exited', exitCode: 139 });
      expect(await run(shell('exit 255'))).toMatchObject({ kind: 'exited', exitCode: 255 });
    });

    it('when there is no such program', async () => {
      expect(await run(step(['/box/missing']))).toMatchObject({ kind: 'exited', exitCode: 127 });
    });

    it('with what it used', async () => {
      const outcome = await run(
        python('import time; held = b"x" * (40 << 20); time.sleep(0.2)\nwhile time.process_time() < 0.3: pass'),
      );
      expect(outcome.kind).toBe('exited');
      expect(outcome.cpuTimeMs).toBeGreaterThan(290);
      expect(outcome.cpuTimeMs).toBeLessThan(2_000);
      expect(outcome.wallTimeMs).toBeGreaterThan(490);
      expect(outcome.peakMemoryKiB ?? 45_000).toBeGreaterThan(40 << 10);
      expect(outcome.peakMemoryKiB ?? 45_000).toBeLessThan(100 << 10);
    });

    it('and hands its output back byte by byte', async () => {
      const outcome = await run(python('import sys; sys.stdout.buffer.write(bytes(range(256)))'));
      expect(outcome.stdout).toEqual(Buffer.from(Array.from({ length: 256 }, (_, index) => index)));
      expect(outcome.stdoutTruncated).toBe(false);
    });
  });

  describe('gives a program', () => {
    it("its arguments and its environment, and nothing of the worker's", async () => {
      process.env['ASSAY_TEST_SECRET'] = 'secret';
      const outcome = await run(
        step(['/bin/sh', '-c', 'env; echo "$1|$2"', 'name', 'a  b', '$(id)'], { environment: { ONE: 'x "y" $z\nw' } }),
      );
      expect(text(outcome)).toContain('ONE=x "y" $z\nw\n');
      expect(text(outcome)).toContain('a  b|$(id)\n');
      expect(text(outcome)).not.toContain('secret');
      delete process.env['ASSAY_TEST_SECRET'];
    });

    it('all of its standard input, however long, and then the end', async () => {
      const stdin = Buffer.alloc(3 << 20, 'abc\n');
      expect(text(await run(shell('wc -c', { stdin })))).toBe(`${stdin.length}\n`);
      expect(text(await run(shell('cat; cat', { stdin: '' })))).toBe('');
    });

    it('an input that it need not read', async () => {
      expect(await run(shell('exec 0<&-; exit 0', { stdin: Buffer.alloc(3 << 20) }))).toMatchObject({
        kind: 'exited',
        exitCode: 0,
      });
    });

    it('its files, in folders, and runs what is executable', async () => {
      const outcome = await inSession(async (session) => {
        await session.put([file('a/b/data.txt', 'data'), file('run me.sh', '#!/bin/sh\ncat a/b/data.txt', true)]);
        await session.put([file('a/b/data.txt', 'newer')]);
        return session.run(step(['/box/run me.sh']));
      });
      expect(text(outcome)).toBe('newer');
    });

    it('only its own process tree to see', async () => {
      expect(text(await run(shell('cd /proc; echo [0-9]*'))).split(' ').length).toBeLessThanOrEqual(2);
    });

    it('a user that is not root, here and outside', async () => {
      const controller = new AbortController();
      const running = run(shell('exec sleep 1000', { signal: controller.signal }));
      // A user namespace knows its numbers only as the one around it calls them.
      const outside = await waitFor(
        () => {
          const pid = programsOf()
            .find((line) => line.endsWith(' sleep'))
            ?.split(' ')[0];
          return pid === undefined ? null : statSync(`/proc/${pid}`).uid;
        },
        { until: 'the program runs' },
      );
      controller.abort();
      await running;
      expect(outside).toBeGreaterThan(0);
      expect(outside === process.geteuid?.()).toBe(!capabilities.uidDrop);
      expect(Number(text(await run(shell('id -u'))))).toBeGreaterThan(0);
    });

    it('no network but its own loopback', async () => {
      const server = createServer((socket) => socket.end('reached'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const outcome = await run(
        python(
          `import socket\ntry:\n  print(socket.create_connection(("127.0.0.1", ${port}), 2).recv(9))\nexcept OSError as e: print("refused")`,
        ),
      );
      server.close();
      expect(text(outcome)).toBe('refused\n');
    });
  });

  describe('keeps steps apart', () => {
    it('starts every step from the same files', async () => {
      const seen = await inSession(async (session) => {
        await session.put([file('kept', '1')]);
        await session.run(shell('echo 2 >kept; echo x >more; echo y >/tmp/more'));
        return session.run(shell('cat kept; ls -A . /tmp'));
      });
      expect(text(seen)).toBe('1.:\nkept\n\n/tmp:\n');
    });

    it.each(['none', 'loopback'] as const)('lets no step leave anything for the next one (%s)', async (network) => {
      const session = await sandbox.open({ runtime: 'python', network });
      expect(text(await session.run(python(LEAVE_TRACES)))).toBe('left\n');
      expect(text(await session.run(python(LOOK_FOR_TRACES)))).toBe('[]\n');
      await session.close();
    });

    it('hands on no number of packets that found no way', async () => {
      const send = `
import socket
for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
  try: socket.socket(family, socket.SOCK_DGRAM).sendto(b"x", (address, 9))
  except OSError: pass
`;
      const count = `
import os
lines = [line.split() for line in open("/proc/net/snmp") if line.startswith("Ip:")]
print(dict(zip(*lines))["OutNoRoutes"])
if os.path.exists("/proc/net/snmp6"):
  for line in open("/proc/net/snmp6"):
    if "OutNoRoutes" in line: print(line.split()[1])
`;
      const seen = await inSession(async (session) => {
        expect(text(await session.run(python(send + count)))).toMatch(/^[1-9]/);
        return session.run(python(count));
      });
      expect(text(seen)).toMatch(/^0\n(0\n)?$/);
    });

    it('hands on no memory that nobody freed', async () => {
      const leave = `
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for key in range(1, 6):
  ctypes.memset(libc.shmat(libc.shmget(key, 18 << 20, 0o1600), None, 0), 1, 18 << 20)
assert libc.semget(9, 1, 0o1600) >= 0
queue = libc.msgget(9, 0o1600)
assert libc.msgsnd(queue, ctypes.create_string_buffer(b"12345678message"), 7, 0) == 0
print("left")
`;
      const use = ['/usr/bin/dd', 'if=/dev/zero', 'of=/dev/null', 'bs=60M', 'count=1'];
      await inSession(async (session) => {
        for (let round = 0; round < 10; round += 1) {
          expect(text(await session.run(python(leave)))).toBe('left\n');
          const next = await session.run(step(use));
          expect(next).toMatchObject({ kind: 'exited', exitCode: 0 });
          expect(next.peakMemoryKiB ?? 60 << 10).toBeLessThan(80 << 10);
        }
      });
    });

    it('hands on what a build leaves: files, folders, modes and links', async () => {
      const seen = await inSession(async (session) => {
        await session.put([file('gone', 'x')]);
        const build = await session.run(
          shell(
            'rm gone; mkdir -p out/deep; echo "echo built" >out/run; chmod +x out/run; ln -s out/run link; ln out/run hard; mkfifo pipe',
            { keepFiles: true },
          ),
        );
        expect(build).toMatchObject({ kind: 'exited', exitCode: 0 });
        return session.run(shell('find . -mindepth 1 | sort; ./link; ./hard; out/run'));
      });
      expect(text(seen)).toBe('./hard\n./link\n./out\n./out/deep\n./out/run\nbuilt\nbuilt\nbuilt\n');
    });

    it('reads what a build leaves only after all of its processes are dead', async () => {
      const seen = await inSession(async (session) => {
        const build = await session.run(
          shell('for i in 1 2 3 4; do (while :; do echo x >>count; done) & done; sleep 0.1; exit 4', {
            keepFiles: true,
          }),
        );
        expect(build).toMatchObject({ kind: 'exited', exitCode: 4 });
        return session.run(shell('wc -l <count; cat count | wc -l'));
      });
      const [first, second] = text(seen).trim().split('\n');
      expect(first).toBe(second);
    });

    it('keeps the files of before when a build is ended for a limit', async () => {
      const seen = await inSession(async (session) => {
        await session.put([file('source', 'x')]);
        const build = await session.run(
          shell('echo half >result; sleep 100', { keepFiles: true, limits: { wallTimeMs: 300 } }),
        );
        expect(build.kind).toBe('wall_limit');
        return session.run(shell('ls'));
      });
      expect(text(seen)).toBe('source\n');
    });

    it('refuses a folder that would grow when it is read', async () => {
      const build = await run(
        python('for i in range(8):\n  open(f"f{i}", "wb").truncate(7 << 20)', { keepFiles: true }),
      );
      expect(build.kind).toBe('output_limit');
    });

    it('refuses links to one file that would be files of their own when they are laid again', async () => {
      expect((await run(python(linking(3_000), { keepFiles: true }))).kind).toBe('output_limit');
      const seen = await inSession(async (session) => {
        expect((await session.run(python(linking(100), { keepFiles: true }))).kind).toBe('exited');
        return session.run(shell('ls | wc -l'));
      });
      expect(text(seen)).toBe('101\n');
    });

    it('does not follow a link that a build left when files are laid over it', async () => {
      const seen = await inSession(async (session) => {
        await session.run(
          shell('mkdir real; echo old >real/f; ln -s real folder; ln -s real/f name; mkdir -p was/folder', {
            keepFiles: true,
          }),
        );
        await session.put([file('folder/f', 'new'), file('name', 'new'), file('was', 'new')]);
        return session.run(shell('cat real/f folder/f name was'));
      });
      expect(text(seen)).toBe('old\nnewnewnew');
    });

    it('runs steps of one session one after the other', async () => {
      const outcomes = await inSession(async (session) =>
        Promise.all([1, 2, 3].map((number) => session.run(shell(`echo ${number}`)))),
      );
      expect(outcomes.map(text)).toEqual(['1\n', '2\n', '3\n']);
    });

    it('runs sessions side by side without one seeing the other', async () => {
      const outcomes = await Promise.all(
        [1, 2, 3].map((number) =>
          inSession(async (session) => {
            await session.put([file('own', String(number))]);
            return session.run(
              shell('cat own; sleep 0.2; kill -9 -1; ls; cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -c "cat own"'),
            );
          }),
        ),
      );
      expect(outcomes.map((outcome) => text(outcome).slice(0, 5))).toEqual(['1own\n', '2own\n', '3own\n']);
    });
  });

  describe('holds its limits', () => {
    it('CPU time of all processes together', async () => {
      const outcome = await run(
        shell('for i in 1 2 3; do (while :; do :; done) & done; wait', { limits: { cpuTimeMs: 500 } }),
      );
      expect(outcome.kind).toBe('cpu_limit');
      expect(outcome.cpuTimeMs).toBeGreaterThanOrEqual(500);
      expect(outcome.cpuTimeMs).toBeLessThan(1_500);
    });

    it('elapsed time', async () => {
      const outcome = await run(shell('echo begun; sleep 100', { limits: { wallTimeMs: 400 } }));
      expect(outcome.kind).toBe('wall_limit');
      expect(text(outcome)).toBe('begun\n');
      expect(outcome.wallTimeMs).toBeGreaterThanOrEqual(399);
      expect(outcome.wallTimeMs).toBeLessThan(2_000);
    });

    it('memory of all processes together, even when the first one ends well', async (context) => {
      if (capabilities.memory !== 'tree') context.skip();
      const script =
        'import os, time\nfor i in range(6):\n  if os.fork() == 0: held = b"x" * (30 << 20); time.sleep(1); os._exit(0)\nfor i in range(6): os.wait()';
      expect((await run(python(script))).kind).toBe('memory_limit');
    });

    it('memory, temporary files included', async (context) => {
      if (capabilities.memory !== 'tree') context.skip();
      const outcome = await run(
        shell('head -c 100M /dev/zero >/tmp/a; head -c 100M /dev/zero >b', { limits: { diskMiB: 110 } }),
      );
      expect(outcome.kind).toBe('memory_limit');
    });

    it('output, to the byte, each stream for itself', async () => {
      const whole = await run(python('import sys; sys.stdout.write("x" * 65536); sys.stderr.write("y" * 65536)'));
      expect(whole).toMatchObject({ kind: 'exited', stdoutTruncated: false, stderrTruncated: false });
      expect([whole.stdout.length, whole.stderr.length]).toEqual([65_536, 65_536]);

      const one = await run(python('import sys; sys.stdout.write("x" * 65537); sys.stderr.write("y")'));
      expect(one).toMatchObject({ kind: 'output_limit', stdoutTruncated: true, stderrTruncated: false });
      expect(one.stdout.length).toBe(65_536);

      const endless = await run(shell('yes >&2'));
      expect(endless).toMatchObject({ kind: 'output_limit', stdoutTruncated: false, stderrTruncated: true });
      expect(endless.stderr.length).toBe(65_536);
    });

    it('processes and threads at a time: one more is refused', async () => {
      const script =
        'import os, time, errno\nmade = 0\ntry:\n  while True:\n    if os.fork() == 0: time.sleep(5); os._exit(0)\n    made += 1\nexcept OSError as e: print(made, e.errno == errno.EAGAIN)';
      expect(text(await run(python(script, { limits: { processes: 8 } })))).toBe('7 True\n');
    });

    it('disk: more is refused, in both folders', async () => {
      const outcome = await run(
        shell('for f in /tmp/x /box/x; do head -c 20M /dev/zero >$f 2>/dev/null; wc -c <$f; done'),
      );
      expect(text(outcome).trim().split('\n').map(Number)).toEqual([8 << 20, 8 << 20]);
    });

    it('and says memory rather than the time that was waited after it', async (context) => {
      if (capabilities.memory !== 'tree') context.skip();
      const wait = `time.sleep(${TIME_FACTOR})`;
      const script = `import os, time\nif os.fork() == 0:\n  b"x" * (200 << 20)\n${wait}`;
      // So little memory that a busy machine fills it in time.
      const limits = { memoryMiB: 32, wallTimeMs: 800 * TIME_FACTOR };
      expect((await run(python(script, { limits }))).kind).toBe('memory_limit');
    });
  });

  /** A sandbox of its own, from beginning to end: after it, the machine is as before. In between, no program may be left. */
  async function withOwn(work: (own: Sandbox) => Promise<void>): Promise<void> {
    const before = standing();
    const own = create();
    try {
      await work(own);
      await expect.poll(() => programsOf()).toEqual([]);
    } finally {
      await own.shutDown();
    }
    expect(standing()).toEqual(before);
  }

  describe('leaves nothing behind', () => {
    it('after a program that ended while others of its processes go on', async () => {
      await withOwn(async (own) => {
        const session = await own.open({ runtime: 'bash', network: 'none' });
        const outcome = await session.run(shell('for i in 1 2 3; do setsid sleep 1000 & done; echo done'));
        expect(text(outcome)).toBe('done\n');
        expect(outcome.kind).toBe('exited');
        expect(outcome.wallTimeMs).toBeLessThan(5_000);
        await expect.poll(() => programsOf()).toEqual([]);
        await session.close();
      });
    });

    it('after a fork bomb', async () => {
      await withOwn(async (own) => {
        const session = await own.open({ runtime: 'bash', network: 'none' });
        const bomb = shell('(b() { b | b & }; b) & while :; do :; done', { limits: { wallTimeMs: 1_000 } });
        expect(['cpu_limit', 'wall_limit']).toContain((await session.run(bomb)).kind);
        await session.close();
      });
    });

    it('after a hundred runs: no descriptor, process, cgroup, mount or file', async () => {
      await withOwn(async (own) => {
        const runOnce = async (number: number) => {
          const session = await own.open({ runtime: 'bash', network: 'none' });
          await session.run(shell(`echo ${number}`, { keepFiles: number === 1 }));
          await session.close();
        };
        for (let round = 0; round < 25; round += 1) await Promise.all([1, 2, 3, 4].map(runOnce));
        // What is kept for later submissions does not grow with their number.
        expect(standing().processes.length).toBeLessThan(20);
      });
    });

    it('when a run is aborted', async () => {
      await withOwn(async (own) => {
        const controller = new AbortController();
        const session = await own.open({ runtime: 'bash', network: 'none' });
        const running = session.run(shell('echo begun; sleep 1000 & sleep 1000', { signal: controller.signal }));
        await delay(200);
        controller.abort();
        const aborted = { kind: 'sandbox_failure', reason: 'aborted' };
        expect(await running).toMatchObject(aborted);
        expect(await session.run(shell(':', { signal: controller.signal }))).toMatchObject(aborted);
        await session.close();
      });
    });

    it('when a run is aborted, or its session closed, while its sandbox still starts', async () => {
      await withOwn(async (own) => {
        const controller = new AbortController();
        const [one, other] = await Promise.all([1, 2].map(() => own.open({ runtime: 'bash', network: 'none' })));
        const began = performance.now();
        const aborted = one?.run(shell('sleep 1000', { signal: controller.signal }));
        const closed = other?.run(shell('sleep 1000'));
        await new Promise(setImmediate);
        controller.abort();
        const closing = other?.close();
        expect(await aborted).toMatchObject({ kind: 'sandbox_failure', reason: 'aborted' });
        expect(await closed).toMatchObject({ kind: 'sandbox_failure', reason: 'aborted' });
        expect(performance.now() - began).toBeLessThan(LIMITS.wallTimeMs / 2);
        await Promise.all([closing, one?.close()]);
      });
    });

    it('when its session is closed meanwhile, which is harmless the second time', async () => {
      await withOwn(async (own) => {
        const session = await own.open({ runtime: 'bash', network: 'none' });
        const running = session.run(shell('sleep 1000'));
        await delay(200);
        await Promise.all([session.close(), session.close()]);
        await session.close();
        expect((await running).kind).toBe('sandbox_failure');
        expect((await session.run(shell(':'))).kind).toBe('sandbox_failure');
      });
    });

    it('when it is shut down: running programs end, new sessions are refused', async () => {
      await withOwn(async (own) => {
        const session = await own.open({ runtime: 'bash', network: 'none' });
        const running = session.run(shell('sleep 1000'));
        await delay(200);
        await own.shutDown();
        expect((await running).kind).toBe('sandbox_failure');
        await expect(own.open({ runtime: 'bash', network: 'none' })).rejects.toMatchObject({
          kind: 'unavailable',
          code: 'sandbox_unavailable',
        });
      });
    });

    it('when a step cannot be started, which is its own failure', async () => {
      await withOwn(async (own) => {
        const session = await own.open({ runtime: 'bash', network: 'none' });
        for (const bad of [shell(':', { environment: { 'no name': 'x' } }), step(['/bin/sh', 'a\0b'])]) {
          expect(await session.run(bad)).toMatchObject({ kind: 'sandbox_failure' });
        }
        await session.close();
      });
    });
  });

  it('examines the machine once', async () => {
    expect(await sandbox.probe()).toBe(capabilities);
  });

  it('refuses a runtime that is not there', async () => {
    await expect(sandbox.open({ runtime: 'cobol', network: 'none' })).rejects.toBeInstanceOf(DomainError);
  });
});
