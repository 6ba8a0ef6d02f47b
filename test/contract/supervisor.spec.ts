import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, closeSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildSupervisorArguments } from '../../src/sandbox/bubblewrap-arguments.js';
import { BubblewrapLauncher } from '../../src/sandbox/bubblewrap-launcher.js';
import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { BubblewrapMachine } from '../../src/sandbox/bubblewrap-start.js';
import { type Cgroups, readCgroupMounts, type RunCgroup } from '../../src/sandbox/cgroup.js';
import { CgroupsV1 } from '../../src/sandbox/cgroup-v1.js';
import { CgroupsV2 } from '../../src/sandbox/cgroup-v2.js';
import { ownIdentity } from '../../src/sandbox/process-identity.js';
import type { SandboxStep } from '../../src/sandbox/sandbox.js';
import { ScratchFolder } from '../../src/sandbox/scratch-folder.js';
import { buildSeccompFilter, seccompArchitecture } from '../../src/sandbox/seccomp-filter.js';
import {
  encodeEnd,
  encodeHello,
  encodePut,
  encodeRun,
  encodeStop,
  ReplyReader,
  type RunRequest,
} from '../../src/sandbox/supervisor-frames.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { IS_USER_MODE_KERNEL } from '../support/test-kernel.js';
import type { SupervisorLauncher } from '../../src/sandbox/supervisor-launcher.js';
import { Lane } from '../../src/sandbox/lane.js';
import { SlotPool } from '../../src/sandbox/uid-pool.js';
import { sandboxProcessesBelow, tracesOf } from './sandbox-traces.js';

const NATIVE = join(import.meta.dirname, '../../native');
/** In a user-mode kernel a program's addresses leave no room for the address sanitizer's own. */
const SANITIZERS = IS_USER_MODE_KERNEL ? 'undefined' : 'address,undefined';
const SANITIZE = ['-std=gnu17', '-g', '-O1', `-fsanitize=${SANITIZERS}`, '-fno-sanitize-recover=undefined'];
/** A leak checker needs ptrace; a fault must be told from an orderly end. */
const SANITIZER_OPTIONS =
  'const char *__asan_default_options(void) { return "detect_leaks=0:exitcode=99:allocator_may_return_null=1"; }\n' +
  'const char *__ubsan_default_options(void) { return "exitcode=99:halt_on_error=1"; }\n';
/** What the supervisor ends with when it refuses something. */
const REFUSED = 125;

const step = (script: string): SandboxStep => ({
  argv: ['/bin/sh', '-c', script],
  stdin: Buffer.alloc(0),
  environment: {},
  limits: { cpuTimeMs: 5_000, wallTimeMs: 15_000, memoryMiB: 64, processes: 16, outputKiB: 64, diskMiB: 8 },
});

const run = (id: number, argv: readonly string[], change: Partial<RunRequest> = {}): Buffer =>
  encodeRun({
    id,
    argv,
    environment: { PATH: '/usr/bin:/bin' },
    stdin: Buffer.from('some input\n'),
    keepFiles: false,
    ownNetwork: false,
    isForked: false,
    reports: false,
    showsProtected: false,
    isLast: false,
    cpuTimeMs: 1_000,
    wallTimeMs: 1_000,
    outputBytes: 4_096,
    diskBytes: 1 << 20,
    fileBytes: 1 << 20,
    stackBytes: 8 << 20,
    processes: 32,
    openFiles: 64,
    ...change,
  });

const put = (path: string, content: string): Buffer =>
  encodePut({ path, content: Buffer.from(content), executable: false, isProtected: false, modifiedAtMs: 1_000 });

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Mostly the frame as it is; else with other bytes, without its end, twice, or something else altogether. */
function changed(frame: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(frame);
  switch (random(12)) {
    case 0:
      for (let change = random(3); change >= 0; change -= 1) bytes[random(Math.min(bytes.length, 96))] = random(256);
      return bytes;
    case 1:
      bytes.writeUInt32LE(random(2 ** 32), 4 * random(Math.min(Math.floor(bytes.length / 4), 24)));
      return bytes;
    case 2:
      return bytes.subarray(0, random(bytes.length));
    case 3:
      return Buffer.concat([bytes, bytes]);
    case 4:
      return random(4) === 0 ? Buffer.from(Array.from({ length: 100 }, () => random(256))) : bytes;
    default:
      return bytes;
  }
}

/** A frame as no encoder would make it. */
function frame(type: number, body: Buffer, { version = 2, zero = 0, length = body.length } = {}): Buffer {
  const header = Buffer.from([version, type, zero, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, body]);
}

/** A run of which one number is another. */
function runWith(offset: number, value: number): Buffer {
  const bytes = run(1, ['/bin/true']);
  bytes.writeUInt32LE(value, 8 + offset);
  return bytes;
}

function changedByte(bytes: Buffer, offset: number, value: number): Buffer {
  bytes[offset] = value;
  return bytes;
}

function findCgroups(): Cgroups | null {
  const mounts = readCgroupMounts();
  return CgroupsV2.find(mounts, ownIdentity()) ?? CgroupsV1.find(mounts, ownIdentity());
}

describe('the supervisor', () => {
  let folder: string;
  let scratch: ScratchFolder;
  let machine: BubblewrapMachine;
  let launcher: SupervisorLauncher;
  let uid: number | null;
  let cgroups: Cgroups;
  /** Made with sanitizers where the compiler has them. */
  let program: string;
  const filter = (() => {
    const architecture = seccompArchitecture(process.arch);
    return architecture === null ? null : buildSeccompFilter(architecture);
  })();

  beforeAll(() => {
    const found = findCgroups();
    if (found === null) throw new Error('the supervisor needs cgroups');
    cgroups = found;
    folder = mkdtempSync(join(tmpdir(), 'assay-supervisor-'));
    const dropsUser = process.geteuid?.() === 0;
    scratch = ScratchFolder.create(tmpdir(), ownIdentity(), [], null, dropsUser);
    uid = new SlotPool(1, dropsUser, 300).acquire()?.uid ?? null;
    const bubblewrap = '/usr/bin/bwrap';
    accessSync(bubblewrap);
    launcher = new BubblewrapLauncher(bubblewrap);
    machine = { bubblewrap, layout: scratch.layout(true), cgroups, strayDescriptors: [], openFilter: null };
    program = scratch.addSupervisor(sanitized(), []);
  });

  afterAll(() => {
    scratch.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function sanitized(): string {
    const made = join(folder, 'assay-supervisor');
    const options = join(folder, 'options.c');
    writeFileSync(options, SANITIZER_OPTIONS);
    const sources = readdirSync(NATIVE).filter((name) => name.endsWith('.c'));
    try {
      execFileSync('/usr/bin/cc', [...SANITIZE, '-o', made, options, ...sources.map((name) => join(NATIVE, name))], {
        stdio: 'ignore',
      });
      return made;
    } catch {
      // Without sanitizers, a crash is a signal and still seen.
      return requiredSupervisor();
    }
  }

  async function withCgroup<T>(work: (cgroup: RunCgroup) => Promise<T>): Promise<T> {
    const cgroup = cgroups.create({ memoryMiB: 64, processes: 16 });
    try {
      return await work(cgroup);
    } finally {
      cgroup.kill();
      await cgroup.remove();
    }
  }

  /**
   * What became of a supervisor that was told this, and nothing more. After each part that looks like a run, its answer is
   * waited for, but not for ever; the end of the requests ends a program that still runs.
   */
  function tell(
    ...parts: readonly Buffer[]
  ): Promise<{ readonly code: number | null; readonly said: string; readonly replies: number }> {
    return withCgroup(async (cgroup) => {
      const joins = cgroup.openJoinDescriptors();
      const counters = cgroup.openCounters();
      const padding = Array.from({ length: 3 - joins.length }, () => 'ignore' as const);
      const child = spawn(
        machine.bubblewrap,
        buildSupervisorArguments(machine.layout, { binds: [], supervisor: program, arguments: [] }),
        {
          stdio: ['pipe', 'pipe', 'pipe', ...joins, ...padding, counters.cpuTime, counters.outOfMemory],
          env: {},
          cwd: '/',
          ...(uid === null ? {} : { uid, gid: uid }),
        },
      );
      for (const descriptor of [...joins, counters.cpuTime, counters.outOfMemory]) closeSync(descriptor);
      const reader = new ReplyReader();
      const heard = { replies: 0, said: '' };
      child.stdin?.on('error', () => undefined);
      child.stdout?.on('data', (chunk: Buffer) => (heard.replies += reader.push(chunk).length));
      child.stderr?.on('data', (chunk: Buffer) => (heard.said += chunk.toString('utf8')));
      const closed = once(child, 'close');
      for (const part of parts) {
        const before = heard.replies;
        child.stdin?.write(part);
        const giveUpAt = performance.now() + (part[1] === 1 || part[1] === 3 ? 500 : 0);
        while (heard.replies === before && child.exitCode === null && performance.now() < giveUpAt) await delay(1);
      }
      child.stdin?.end();
      await closed;
      return { code: child.exitCode, ...heard };
    });
  }

  /** A lane whose supervisor is a script. */
  function withFake(script: string, work: (lane: Lane) => Promise<void>): Promise<void> {
    const supervisor = join(folder, 'fake');
    mkdirSync(supervisor, { recursive: true });
    writeFileSync(join(supervisor, 'assay-supervisor'), `#!/bin/sh\n${script}\n`);
    for (const path of [folder, supervisor, join(supervisor, 'assay-supervisor')]) chmodSync(path, 0o755);
    return withCgroup(async (cgroup) => {
      const { layout } = machine;
      const common = { launcher, layout, supervisor, filter: null, uid, binds: [], cgroup };
      const lane = Lane.launch({ ...common, template: null, keepsNamespaces: false });
      try {
        await work(lane);
      } finally {
        await lane.close();
      }
    });
  }

  const hello = () => encodeHello({ joins: cgroups.version === 'v1' ? 3 : 1, mountProc: true, filter });

  describe('survives', () => {
    it('an orderly conversation, under the sanitizers', async () => {
      const told = await tell(
        hello(),
        put('a/b', 'content'),
        encodeStop(1),
        run(1, ['/bin/cat', 'a/b']),
        run(2, ['/bin/sh', '-c', 'mkdir -p c/d; ln -s a c/e; echo x >c/d/f; mkfifo g; chmod 0 .'], { keepFiles: true }),
        put('c/e', 'over the link'),
        run(3, ['/bin/sh', '-c', 'find . | sort']),
        run(4, ['sleep', '10'], { wallTimeMs: 50 }),
        run(5, ['missing']),
        run(6, ['yes']),
      );
      expect(told).toEqual({ code: 0, said: '', replies: 7 });
    });

    it('one submission after the other, of which the next finds nothing', async () => {
      const told = await tell(
        hello(),
        put('a', 'content'),
        run(1, ['/bin/sh', '-c', 'mkdir b; echo x >c'], { keepFiles: true }),
        encodeEnd(),
        hello(),
        run(1, ['/bin/sh', '-c', 'test -z "$(ls -A)"']),
        encodeEnd(),
      );
      expect(told).toEqual({ code: 0, said: '', replies: 4 });
    });

    it('the end of the requests while a program runs', async () => {
      expect(await tell(Buffer.concat([hello(), run(1, ['sleep', '10'], { wallTimeMs: 9_000 })]))).toMatchObject({
        code: REFUSED,
        replies: 1,
      });
    });

    it.each<[string, () => Buffer]>([
      ['another version', () => frame(1, Buffer.alloc(4), { version: 3 })],
      ['bytes that must be zero', () => frame(1, Buffer.alloc(4), { zero: 1 })],
      ['no hello', () => put('a', '')],
      ['two of them', () => Buffer.concat([hello(), hello()])],
      ['an unknown type', () => Buffer.concat([hello(), frame(9, Buffer.alloc(0))])],
      ['a frame without end', () => Buffer.concat([hello(), frame(2, Buffer.alloc(0), { length: 0xffffffff })])],
      ['a filter without end', () => frame(1, Buffer.from([1, 0, 0, 0]), { length: 1 << 20 })],
      ['half an instruction', () => frame(1, Buffer.from([1, 0, 0, 0, 1, 2, 3]))],
      ['no cgroup', () => frame(1, Buffer.from([0, 0, 0, 0]))],
      ['too many cgroups', () => frame(1, Buffer.from([4, 0, 0, 0]))],
      ['half a file', () => Buffer.concat([hello(), put('a', 'content').subarray(0, 20)])],
      [
        'a path longer than its frame',
        () =>
          Buffer.concat([
            hello(),
            frame(2, Buffer.from([...Array.from({ length: 8 }, () => 0), 255, 0, 0, 0, 0, 0, 0, 0])),
          ]),
      ],
      ...['/etc/x', '../x', 'a/../../x', 'a//b', './a', 'a/', 'a\0b'].map((path): [string, () => Buffer] => [
        `the path ${JSON.stringify(path)}`,
        () => Buffer.concat([hello(), put(path, 'x')]),
      ]),
      ['a run that is too short', () => Buffer.concat([hello(), frame(3, Buffer.alloc(79))])],
      ['outputs without end', () => Buffer.concat([hello(), runWith(28, 1)])],
      ['no argument', () => Buffer.concat([hello(), runWith(64, 0)])],
      ['more arguments than strings', () => Buffer.concat([hello(), runWith(64, 5)])],
      ['arguments without end', () => Buffer.concat([hello(), runWith(64, 0xffffffff)])],
      ['strings longer than the frame', () => Buffer.concat([hello(), runWith(72, 1 << 19)])],
      ['strings without end', () => Buffer.concat([hello(), runWith(72, 0xffffffff)])],
      ['strings that do not end', () => Buffer.concat([hello(), runWith(72, 5)])],
      ['flags of a file that mean nothing', () => Buffer.concat([hello(), changedByte(put('a', ''), 18, 4)])],
      ['flags of a run that mean nothing', () => Buffer.concat([hello(), runWith(4, 64)])],
      ['a copy of a template that is none', () => Buffer.concat([hello(), runWith(4, 4)])],
      ['an end with a body', () => Buffer.concat([hello(), frame(5, Buffer.alloc(1))])],
      ['an end of nothing', () => encodeEnd()],
      ['a stop of another size', () => Buffer.concat([hello(), frame(4, Buffer.alloc(5))])],
      ['a request while a program runs', () => Buffer.concat([hello(), run(1, ['/bin/sleep', '9']), put('a', 'x')])],
    ])('%s: refuses and ends', async (_, bytes) => {
      const told = await tell(bytes());
      expect(told).toMatchObject({ code: REFUSED });
      expect(told.said).toMatch(/^assay-supervisor: /);
    });

    it('frames that were changed, cut, repeated and put in another order', async () => {
      const random = randomNumbers(3);
      for (let round = 0; round < 40; round += 1) {
        const frames = [
          hello(),
          put('main.py', 'print(1)'),
          put('a/b/c', 'x'.repeat(random(5_000))),
          run(1, ['/bin/cat', 'main.py']),
          encodeStop(1),
          run(2, ['/bin/sh', '-c', 'echo x >y; ln -s y z; cat'], { keepFiles: true }),
          encodeStop(2),
          run(3, ['/bin/ls'], { reports: true, showsProtected: true }),
          encodeEnd(),
          hello(),
          run(1, ['/bin/ls']),
        ];
        for (let change = random(3); change > 0; change -= 1) {
          frames.splice(1 + random(frames.length), 0, ...frames.splice(1 + random(frames.length), 1));
        }
        const told = await tell(...frames.map((frame) => changed(frame, random)));
        expect([0, REFUSED], `round ${round}: ${told.said}`).toContain(told.code);
        expect(told.said, `round ${round}`).not.toMatch(/Sanitizer|runtime error/);
      }
      expect(tracesOf().processes).toEqual([]);
    }, 120_000);
  });

  describe('that cannot be trusted is thrown away: one', () => {
    const fakes: readonly (readonly [string, string])[] = [
      ['that ends at once', 'exit 0'],
      ['that says nothing and ends', 'head -c 8 >/dev/null'],
      ['that speaks nonsense', 'echo nonsense nonsense; sleep 100'],
      ['that announces too much', "printf '\\002\\202\\000\\000\\377\\377\\377\\377'; sleep 100"],
      [
        'that speaks without being asked',
        "printf '\\002\\201\\000\\000\\000\\000\\000\\000\\002\\201\\000\\000\\000\\000\\000\\000'; sleep 100",
      ],
    ];
    it.each(fakes)('%s', async (_, script) => {
      await withFake(script, async (lane) => {
        const talk = async () => {
          await lane.begin();
          return lane.run(run(1, ['/bin/true']), 1, 2_000, new AbortController().signal);
        };
        await expect(talk()).rejects.toThrow(/supervisor/);
        expect(lane.isUsable).toBe(false);
      });
      expect(tracesOf().processes).toEqual([]);
    });
  });

  it('that reads no more is thrown away, and nobody waits for it', async () => {
    await withFake("printf '\\002\\201\\000\\000\\000\\000\\000\\000'; sleep 100", async (lane) => {
      await lane.begin();
      await lane.send(put('large', 'x'.repeat(8 << 20)), 300);
      await expect(lane.send(put('a', 'x'))).rejects.toThrow('did not read in time');
    });
    expect(tracesOf().processes).toEqual([]);
  });

  it('that is killed fails the running step and all later ones, and no other session', async () => {
    const sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 1 });
    const session = await sandbox.open({ runtime: 'bash', network: 'none' });
    await session.run(step(':'));
    const running = session.run(step('sleep 100'));
    // Also the supervisors of lanes that nobody uses at the moment.
    for (const line of sandboxProcessesBelow(process.pid)) {
      if (line.endsWith(' supervisor')) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
    }
    expect(await running).toMatchObject({ kind: 'sandbox_failure' });
    expect(await session.run(step(':'))).toMatchObject({ kind: 'sandbox_failure' });
    const other = await sandbox.open({ runtime: 'bash', network: 'none' });
    expect(await other.run(step('exit 3'))).toMatchObject({ kind: 'exited', exitCode: 3 });
    await Promise.all([session.close(), other.close()]);
    await sandbox.shutDown();
    expect(tracesOf().processes).toEqual([]);
    expect(tracesOf().cgroups).toEqual([]);
  });
});
