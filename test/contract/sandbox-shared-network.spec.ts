import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DomainError } from '../../src/errors/domain-error.js';
import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import type { Sandbox, SandboxProgram, SandboxSession, SandboxStep } from '../../src/sandbox/sandbox.js';
import { TIME_FACTOR, withRoomForTime } from '../support/test-kernel.js';
import { waitFor } from '../support/wait-for.js';
import { BUBBLEWRAP_ADAPTERS, PROGRAM_CONTAINERS } from './sandbox-adapters.js';
import { programsOf, scratchFilesOf, tracesOf } from './sandbox-traces.js';

const LIMITS: RunLimits = withRoomForTime({
  cpuTimeMs: 5_000,
  wallTimeMs: 30_000,
  memoryMiB: 128,
  processes: 32,
  outputKiB: 64,
  diskMiB: 8,
});
const PATIENT = { timeout: 30_000 * TIME_FACTOR };

const file = (path: string, content: string) => ({ path, content: Buffer.from(content) });

type Options = Partial<Omit<SandboxProgram, 'argv' | 'limits'>> & { readonly limits?: Partial<RunLimits> };

const program = (argv: readonly string[], { limits, ...others }: Options = {}): SandboxProgram => ({
  environment: {},
  ...others,
  argv,
  limits: { ...LIMITS, ...limits },
});
const shell = (script: string, options?: Options) => program(['/bin/sh', '-c', script], options);
const python = (script: string, options?: Options) => program(['/usr/bin/python3', '-B', '-s', '-c', script], options);
const step = ({ argv, limits }: SandboxProgram, options: Partial<SandboxStep> = {}): SandboxStep => ({
  argv,
  limits,
  stdin: Buffer.alloc(0),
  environment: {},
  ...options,
});
const text = (outcome: RunOutcome) => outcome.stdout.toString('utf8');

/** Sends everything back, and `bye` once the other end is done sending. */
const ECHO = `
import socket, threading
server = socket.create_server(('127.0.0.1', 7000), backlog=128)
def serve(one):
    while part := one.recv(65536): one.sendall(part)
    one.sendall(b'bye')
    one.close()
while True: threading.Thread(target=serve, args=(server.accept()[0],)).start()
`;

/** What a program reaches of the machine and of others, said in one line each. */
const ATTACK = (hostPort: number) => `
import ctypes, os, socket
def reaches(name, action):
    try: action(); print('reached', name)
    except OSError as error: pass
reaches('host', lambda: socket.create_connection(('127.0.0.1', ${hostPort}), 1))
reaches('outside', lambda: socket.create_connection(('192.0.2.1', 80), 1))
for name, family in (('netlink', 16), ('packet', 17), ('vsock', 40)):
    reaches(name, lambda: socket.socket(family, socket.SOCK_RAW if family != 40 else socket.SOCK_STREAM))
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0: print('reached a user namespace')
if libc.setns(os.open('/proc/self/ns/net', os.O_RDONLY), 0) == 0: print('reached setns')
others = [pid for pid in os.listdir('/proc') if pid.isdigit() and int(pid) not in (1, os.getpid())]
if others: print('sees', others)
try: os.kill(-1, 9)
except ProcessLookupError: pass
print('users', open('/proc/self/uid_map').read().split())
print('devices', [line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]])
print('sockets', open('/proc/net/unix').read().splitlines()[1:])
print('files', sorted(os.listdir('/box')), sorted(os.listdir('/run')), sorted(os.listdir('/tmp')))
`;

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function ask(connection: Duplex, question: Buffer): Promise<Buffer> {
  connection.end(question);
  return readAll(connection);
}

describe.each(BUBBLEWRAP_ADAPTERS)('$name with a shared network', ({ create }) => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = create();
    const { usable, reason } = await sandbox.probe();
    if (!usable) throw new Error(reason ?? 'not usable');
  });

  afterAll(() => sandbox.shutDown());

  async function inSession<T>(work: (session: SandboxSession) => Promise<T>): Promise<T> {
    const session = await sandbox.open({ runtime: 'python', network: 'shared' });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  const whenListening = (session: SandboxSession, port: number) =>
    waitFor(() => session.connect(port), { until: `somebody listens on ${port}`, ...PATIENT });

  it('runs programs beside steps, which reach each other and are reached by the worker', PATIENT, () =>
    inSession(async (session) => {
      await expect(session.connect(7000)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      const service = await session.start(python(ECHO));
      expect((await ask(await whenListening(session, 7000), Buffer.from('one '))).toString()).toBe('one bye');
      const client = `
import socket
one = socket.create_connection(('127.0.0.1', 7000)); one.sendall(b'two '); one.shutdown(socket.SHUT_WR)
print(one.makefile().read())`;
      expect(text(await session.run(step(python(client))))).toBe('two bye\n');
      expect(await service.stop()).toMatchObject({ kind: 'signalled', signal: 'SIGTERM', reason: null });
      await expect(session.connect(7000)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      expect(await service.stop()).toMatchObject({ signal: 'SIGTERM' });
    }),
  );

  it('carries much, both ways at once, over many connections', PATIENT, () =>
    inSession(async (session) => {
      await session.start(python(ECHO, { limits: { processes: 200, cpuTimeMs: 30_000 * TIME_FACTOR } }));
      const first = await whenListening(session, 7000);
      const large = Buffer.alloc(16 << 20, 'a large one ');
      expect((await ask(first, large)).equals(Buffer.concat([large, Buffer.from('bye')]))).toBe(true);
      const answers = await Promise.all(
        Array.from({ length: 100 }, async (_, index) =>
          (await ask(await session.connect(7000), Buffer.alloc(10_000, `${index} `))).toString(),
        ),
      );
      expect(answers).toEqual(answers.map((_, index) => `${Buffer.alloc(10_000, `${index} `).toString()}bye`));
    }),
  );

  it('refuses more connections than a worker can bear', PATIENT, () =>
    inSession(async (session) => {
      await session.start(
        python(`import socket, time\none = socket.create_server(('', 7000), backlog=600); time.sleep(60)\n`),
      );
      await whenListening(session, 7000);
      const tried = await Promise.allSettled(Array.from({ length: 600 }, () => session.connect(7000)));
      const refusals = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(refusals).toHaveLength(600 - 511);
      expect(refusals[0]).toMatchObject({ code: 'EMFILE' });
    }),
  );

  it('tells how a program ended by itself, with what it wrote', PATIENT, () =>
    inSession(async (session) => {
      const service = await session.start(shell('echo out; echo err >&2; exit 3'));
      const outcome = await service.ended;
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 3, stdoutTruncated: false });
      expect([text(outcome), outcome.stderr.toString()]).toEqual(['out\n', 'err\n']);
      expect(await service.stop()).toBe(outcome);
      expect([service.stdin, service.stdout]).toEqual([null, null]);
    }),
  );

  it('drops what is written beyond the limit, and lets the program go on', PATIENT, () =>
    inSession(async (session) => {
      const service = await session.start(shell('head -c 1000000 /dev/zero; exit 5', { limits: { outputKiB: 1 } }));
      const outcome = await service.ended;
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 5, stdoutTruncated: true });
      expect(outcome.stdout).toHaveLength(1024);
    }),
  );

  it('makes a program end that does not want to, and all that it started', PATIENT, () =>
    inSession(async (session) => {
      const stubborn = `trap '' TERM; setsid sh -c "trap '' TERM; sleep 100" & echo kept > f; while :; do sleep 1; done`;
      const service = await session.start(shell(stubborn));
      const other = await session.start(shell('sleep 100'));
      expect(await service.stop(100)).toMatchObject({ kind: 'signalled', signal: 'SIGKILL', reason: null });
      expect(await other.stop(0)).toMatchObject({ kind: 'signalled', signal: 'SIGKILL', reason: null });
    }),
  );

  it('passes what a program leaves to the next, also when it had to be made to end', PATIENT, () =>
    inSession(async (session) => {
      await session.put([file('start', 'one')]);
      const count = 'cat start > seen; echo x >> starts; echo > /tmp/left; echo ready; sleep 100';
      for (const graceMs of [2_000, 0]) {
        const service = await session.start(shell(count, { keepFiles: true, streams: true }));
        if (service.stdout !== null) await once(service.stdout, 'data');
        await service.stop(graceMs);
      }
      const without = await session.start(shell('echo y >> starts; sleep 100'));
      await without.stop();
      const look = await session.run(step(shell('cat starts seen; ls /tmp')));
      expect(text(look)).toBe('x\nx\none');
    }),
  );

  it('puts back the files that it was to remember', PATIENT, () =>
    inSession(async (session) => {
      await session.put([file('start', 'one')]);
      const restore = await session.rememberFiles();
      const service = await session.start(shell('echo two > start; echo x > left', { keepFiles: true }));
      await service.ended;
      const look = async (): Promise<string> => text(await session.run(step(shell('cat *'))));
      expect(await look()).toBe('x\ntwo\n');
      await restore();
      expect(await look()).toBe('one');
    }),
  );

  it('shows a program its own files and folders, and nobody else', PATIENT, () =>
    inSession(async (session) => {
      const folder = mkdtempSync(join(tmpdir(), 'assay-folder-'));
      try {
        chmodSync(folder, 0o755);
        writeFileSync(join(folder, 'prepared'), 'data');
        await session.put([file('answer.py', "a student's")]);
        const service = await session.start(
          shell('cat /run/data/prepared own; echo >/run/data/x; echo >/run/y; ls /box; sleep 100', {
            files: [file('own', ' secret ')],
            folders: [{ source: folder, destination: '/run/data' }],
          }),
        );
        const others = await session.start(shell('ls /box /run; find / -name own -o -name prepared 2>/dev/null'));
        expect(text(await others.ended)).toBe('/box:\nanswer.py\n\n/run:\nsupervisor\n');
        expect(text(await session.run(step(shell('ls /box'))))).toBe('answer.py\n');
        const outcome = await service.stop();
        expect(text(outcome)).toBe('data secret own\n');
        expect(outcome.stderr.toString().match(/Read-only file system/g)).toHaveLength(2);
        await expect(session.start(shell('', { folders: [{ source: folder, destination: '/usr' }] }))).rejects.toThrow(
          '/run',
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
  );

  it('talks with a program while it runs', PATIENT, () =>
    inSession(async (session) => {
      const service = await session.start(
        shell('while read -r line; do echo "got $line"; done; echo end', { streams: true, limits: { outputKiB: 1 } }),
      );
      const { stdin, stdout } = service;
      if (stdin === null || stdout === null) throw new Error('no streams');
      for (const word of ['one', 'two']) {
        stdin.write(`${word}\n`);
        expect(String((await once(stdout, 'data'))[0])).toBe(`got ${word}\n`);
      }
      const many = Buffer.alloc(600_000, 'x'.repeat(99) + '\n');
      const rest = readAll(stdout);
      stdin.end(many);
      expect((await rest).length).toBe(6_000 * 104 + 4);
      expect(await service.ended).toMatchObject({ kind: 'exited', exitCode: 0, stdoutTruncated: false });
      // What nobody reads, and what nobody takes, is nobody's fault.
      const deaf = await session.start(shell('exec <&-; echo unread; exit 1', { streams: true }));
      deaf.stdin?.write(many);
      expect(await deaf.ended).toMatchObject({ kind: 'exited', exitCode: 1 });
      const next = await session.start(shell('echo own', { streams: true }));
      if (next.stdout === null || deaf.stdout === null) throw new Error('no streams');
      expect((await readAll(next.stdout)).toString()).toBe('own\n');
      expect((await readAll(deaf.stdout)).toString()).toBe('unread\n');
    }),
  );

  it('holds each program to its own limits', PATIENT, () =>
    inSession(async (session) => {
      const service = await session.start(python(ECHO));
      const hogs = [
        await session.start(program(['/usr/bin/tail', '/dev/zero'], { limits: { memoryMiB: 32 } })),
        await session.start(shell('while :; do :; done', { limits: { cpuTimeMs: 200 } })),
        await session.start(shell('sleep 100', { limits: { wallTimeMs: 300 } })),
        await session.start(
          python(
            `import os, time\ncount = 0\ntry:\n  while True:\n    if os.fork() == 0: time.sleep(5); os._exit(0)\n    count += 1\nexcept BlockingIOError: print(count)`,
            { limits: { processes: 10 } },
          ),
        ),
        await session.start(shell('head -c 9000000 /dev/zero > f')),
      ];
      const outcomes = await Promise.all(hogs.map(({ ended }) => ended));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['memory_limit', 'cpu_limit', 'wall_limit', 'exited', 'exited']);
      expect(outcomes[3]?.stdout.toString()).toBe('9\n');
      expect(outcomes[4]).toMatchObject({ exitCode: 1 });
      expect((await ask(await whenListening(session, 7000), Buffer.from('still '))).toString()).toBe('still bye');
      expect((await service.stop()).peakMemoryKiB).toBeLessThan(64 << 10);
    }),
  );

  it('reaches neither the host, nor another session, nor another program but by the network', PATIENT, async () => {
    const host = createServer().listen(0, '127.0.0.1');
    await once(host, 'listening');
    const address = host.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await inSession((other) =>
        inSession(async (session) => {
          await other.start(python(ECHO.replaceAll('7000', '7001')));
          await whenListening(other, 7001);
          await session.start(shell('echo mine > /tmp/secret; exec sleep 100', { files: [] }));
          await expect(session.connect(7001)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
          const expected = "users ['1000', '1000', '1']\ndevices ['lo']\nsockets []\nfiles [] ['supervisor'] []\n";
          expect(text(await session.run(step(python(ATTACK(port)))))).toBe(expected);
          expect(text(await (await session.start(python(ATTACK(port)))).ended)).toBe(expected);
          expect(text(await session.run(step(python(ATTACK(7001)))))).toBe(expected);
        }),
      );
    } finally {
      host.close();
    }
  });

  it('ends what its signal tells it to end', PATIENT, () =>
    inSession(async (session) => {
      const stopping = new AbortController();
      const service = await session.start(shell('sleep 100', { signal: stopping.signal }));
      stopping.abort();
      expect(await service.ended).toMatchObject({ kind: 'sandbox_failure', reason: 'aborted' });
    }),
  );

  it('leaves nothing when it is closed', PATIENT, async () => {
    const before = { ...tracesOf(), scratch: scratchFilesOf() };
    const session = await sandbox.open({ runtime: 'python', network: 'shared' });
    const service = await session.start(python(ECHO));
    const streaming = await session.start(shell('yes', { streams: true }));
    const connection = await whenListening(session, 7000);
    const closed = once(connection, 'close');
    await session.close();
    await closed;
    expect(await service.ended).toMatchObject({ kind: 'sandbox_failure', reason: 'aborted' });
    expect(await streaming.ended).toMatchObject({ reason: 'aborted' });
    await expect(session.connect(7000)).rejects.toThrow('closed');
    await expect(session.start(shell(''))).rejects.toThrow('closed');
    expect(programsOf()).toEqual([]);
    expect({ ...tracesOf(), scratch: scratchFilesOf() }).toEqual(before);
    // Also one that was closed before it began.
    await (await sandbox.open({ runtime: 'python', network: 'shared' })).close();
    expect(programsOf()).toEqual([]);
  });

  it('starts nothing in a session of another kind', async () => {
    const session = await sandbox.open({ runtime: 'python', network: 'loopback' });
    await expect(session.start(shell(''))).rejects.toThrow('without a shared network');
    await expect(session.connect(1)).rejects.toThrow('without a shared network');
    await expect(session.rememberFiles()).rejects.toThrow('without a shared network');
    await session.close();
  });
});

describe.each(PROGRAM_CONTAINERS)('$name with a shared network', ({ create }) => {
  it('is refused, with what to do', async () => {
    const sandbox = create();
    const refusal = await sandbox.open({ runtime: 'python', network: 'shared' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DomainError);
    expect(refusal).toMatchObject({
      kind: 'unavailable',
      code: 'shared_network_unavailable',
      cause: { message: 'containers (SANDBOX=oci) cannot share a network: use SANDBOX=bubblewrap' },
    });
    await sandbox.shutDown();
  });
});
