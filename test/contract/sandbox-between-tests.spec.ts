import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { detectRuntimes, type Runtime } from '../../src/sandbox/runtimes.js';
import type { Sandbox, SandboxFile, SandboxSpec } from '../../src/sandbox/sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { IS_USER_MODE_KERNEL } from '../support/test-kernel.js';

const LIMITS = { cpuTimeMs: 5_000, wallTimeMs: 50_000, memoryMiB: 256, processes: 16, outputKiB: 256, diskMiB: 64 };

/** Looks through all of its own memory for what standard input lists, without ever holding the same bytes itself. */
const LOOK_INTO_MEMORY = `
for line in sys.stdin:
    name, backwards = line.split()
    for area in open('/proc/self/maps'):
        span, access = area.split()[:2]
        start, end = (int(number, 16) for number in span.split('-'))
        if access[0] != 'r' or not area.split()[-1] in ('[stack]', '[heap]'): continue
        with open('/proc/self/mem', 'rb', 0) as memory:
            memory.seek(start)
            # The end of the heap may have been given back since it was listed.
            try: found = memory.read(end - start)[::-1].find(bytes.fromhex(backwards))
            except OSError:
                if area in open('/proc/self/maps').readlines(): raise
                continue
        if found >= 0: print(name, 'in', area.split()[-1])
`;

const LEAVE_FLOW_LABEL = `
import socket, struct
request = b'\\x20\\x01' + b'a secret here.' + struct.pack('>I', 0x12345) + struct.pack('<BBHHHI', 0, 255, 1, 60, 60, 0)
with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
    one.setsockopt(socket.IPPROTO_IPV6, 32, request)
print(len(open('/proc/net/ip6_flowlabel').readlines()) - 1)
`;
const LIST_FLOW_LABELS = `
try: print(len(open('/proc/net/ip6_flowlabel').readlines()) - 1)
except FileNotFoundError: print(0)
`;

/** With no packet sent: what stays is that somebody asked the way. */
const LOOK_UP_ROUTES = `
import os, socket
if input() == 'use':
    for processor in os.sched_getaffinity(0):
        os.sched_setaffinity(0, [processor])
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one: one.connect(('::1', 9))
try: print(open('/proc/net/ipv6_route').read())
except FileNotFoundError: print('no IPv6')
`;

/** Of the compiler, which nobody needs at the same time: large files, as if for the first time since the machine was started. */
const READ_THE_SYSTEM = `
import os
total = 0
for top in ('/usr/lib/gcc', '/usr/libexec/gcc'):
    for folder, _, names in os.walk(top):
        for path in (os.path.join(folder, name) for name in names):
            if os.path.islink(path) or os.path.getsize(path) < 1 << 20 or total > 48 << 20: continue
            with open(path, 'rb', 0) as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                while part := file.read(1 << 20): total += len(part)
print('enough' if total > 48 << 20 else total)
`;

const printed = (outcomes: readonly RunOutcome[]) => outcomes.map(({ stdout }) => stdout.toString());

const backwards = (bytes: Buffer) => Buffer.from(bytes.toReversed()).toString('hex');

describe('Between two tests of a lane', () => {
  let sandbox: Sandbox;
  let python: Runtime;

  beforeAll(async () => {
    sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1, supervisor: requiredSupervisor() });
    const found = (await detectRuntimes()).find(({ key }) => key === 'python');
    if (found === undefined) throw new Error('These tests need Python: apt-get install python3.');
    python = found;
  });

  afterAll(() => sandbox.shutDown());

  /** One submission whose `main.py` is the same for all of its tests; each is given its standard input. */
  async function submit(
    program: string,
    inputs: readonly string[],
    spec: Partial<SandboxSpec> = {},
    files: readonly SandboxFile[] = [],
  ): Promise<readonly RunOutcome[]> {
    const session = await sandbox.open({ runtime: 'python', network: 'none', ...spec });
    const outcomes: RunOutcome[] = [];
    try {
      await session.put([{ path: 'main.py', content: Buffer.from(program) }, ...files]);
      for (const input of inputs) {
        const argv = python.command('main.py', [], LIMITS);
        outcomes.push(await session.run({ argv, stdin: Buffer.from(input), environment: {}, limits: LIMITS }));
      }
    } finally {
      await session.close();
    }
    return outcomes;
  }

  const copies = { forkServer: { entrypoint: 'main.py' } };

  it('a copied interpreter holds no numbers of earlier tests and no names of protected files', async () => {
    const program = `
import sys
first = sys.stdin.readline()
if first == 'leave\\n':
    print('a' * 13578)
    sys.stderr.write('b' * 24680)
    sys.exit(77)
${LOOK_INTO_MEMORY}`;
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(13_579, 0);
    sizes.writeUInt32LE(24_680, 4);
    const look = `\nsizes ${backwards(sizes)}\nname ${backwards(Buffer.from('a-protected-name'))}\n`;
    const hidden = { path: 'a-protected-name', content: Buffer.from('x'), isProtected: true };
    const outcomes = await submit(program, ['leave\n', look, look, look], copies, [hidden]);
    expect(outcomes[0]).toMatchObject({ kind: 'exited', exitCode: 77 });
    expect(outcomes[0]?.stdout.length).toBe(13_579);
    for (const outcome of outcomes.slice(1)) expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(printed(outcomes.slice(1))).toEqual(['', '', '']);
  });

  const ways: readonly (readonly [string, Partial<SandboxSpec>])[] = [
    ['executed', {}],
    ['copied', copies],
    ['lanes that are shared', { reuse: 'lane' }],
  ];

  it.each(ways)('no flow label of IPv6 stays (%s)', async (_name, spec) => {
    const [left = ''] = printed(await submit(LEAVE_FLOW_LABEL, [''], spec));
    // That kernel has no IPv6.
    if (!IS_USER_MODE_KERNEL) expect(left).toBe('1\n');
    expect(printed(await submit(LIST_FLOW_LABELS, [''], spec))).toEqual(['0\n']);
    const program = `if input() == 'leave':\n ${LEAVE_FLOW_LABEL.trim().replaceAll('\n', '\n ')}\nelse:\n ${LIST_FLOW_LABELS.trim().replaceAll('\n', '\n ')}\n`;
    const [, after] = printed(await submit(program, ['leave\n', 'list\n'], spec));
    expect(after).toBe('0\n');
  });

  it.each(ways)('no route of IPv6 tells who looked it up (%s)', async (_name, spec) => {
    const [before, , after] = printed(await submit(LOOK_UP_ROUTES, ['look\n', 'use\n', 'look\n'], spec));
    expect(after).toBe(before);
  });

  it.each(ways)('the files of one are not counted as memory of the next (%s)', async (_name, spec) => {
    const program = `
if input() == 'fill': open('/box/large', 'wb').write(b'x' * (32 << 20))
`;
    const inputs = Array.from({ length: 16 }, () => ['fill\n', 'nothing\n']).flat();
    const outcomes = await submit(program, inputs, spec);
    expect(outcomes.map(({ kind }) => kind)).toEqual(inputs.map(() => 'exited'));
    const peaksKiB = outcomes.filter((_, index) => index % 2 === 1).map(({ peakMemoryKiB }) => peakMemoryKiB ?? 0);
    expect(Math.max(...peaksKiB)).toBeLessThan(24 * 1024);
  });

  it.each(ways)('what one read of the system is not counted as memory of the next (%s)', async (_name, spec) => {
    const [reader] = await submit(READ_THE_SYSTEM, [''], spec);
    expect(reader).toMatchObject({ kind: 'exited', exitCode: 0, stdout: Buffer.from('enough\n') });
    const [after] = await submit("print('hello')", [''], spec);
    expect(after?.peakMemoryKiB).toBeLessThan(24 * 1024);
  });

  it('a program cannot limit what supervises it', async () => {
    const program = `
import os, resource
for pid in (os.getpid(), 1):
    try:
        resource.prlimit(pid, resource.RLIMIT_CPU, (4, 4))
        print('limited')
    except PermissionError: print('refused')
`;
    expect(printed(await submit(program, [''], copies))).toEqual(['limited\nrefused\n']);
  });
});
