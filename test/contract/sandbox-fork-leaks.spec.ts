import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Sandbox, SandboxSession, SandboxSpec } from '../../src/sandbox/sandbox.js';
import {
  createForkingSandbox,
  endOf,
  errors,
  file,
  inSession,
  scriptStep,
  text,
  type Way,
} from './fork-server-ways.js';
import { tracesOf } from './sandbox-traces.js';

/** All markers begin so; what follows is random, and looked for without ever being put together. */
const PREFIX = 'Zq7_';
const KEY = 0x5a;

const newMarker = () => PREFIX + randomBytes(12).toString('hex');
const coded = (marker: string) => [...Buffer.from(marker.slice(PREFIX.length))].map((byte) => byte ^ KEY);

type Markers = Readonly<Record<string, string>>;

/** What the program itself writes; all others come from outside. */
const WRITTEN = ['stdout', 'stderr', 'overflow', 'report', 'temporary', 'box', 'shared', 'thread', 'removed'] as const;

/**
 * `main.py leave`: leaves markers everywhere. `main.py overflow`: writes one beyond the limit of its output. `main.py scan`:
 * prints the names of those that it finds in its memory and in whatever it can read. The script holds none of them.
 */
function scriptFor(markers: Markers): string {
  const codes = Object.fromEntries(Object.entries(markers).map(([name, marker]) => [name, coded(marker)]));
  return `
import os, sys
CODES = ${JSON.stringify(codes)}
PREFIX = b"${PREFIX}"

def marker(name):
    return PREFIX + bytes(code ^ ${KEY} for code in CODES[name])

def leave():
    import threading
    kept = [sys.stdin.read(), [marker(name) for name in CODES]]
    os.write(1, marker("stdout")); os.write(2, marker("stderr"))
    try: os.write(3, marker("report"))
    except OSError: pass
    for path, name in (("/tmp/mark", "temporary"), ("/box/mark", "box"), ("/dev/shm/mark", "shared")):
        open(path, "wb").write(marker(name) * 100)
    thread = threading.Thread(target=lambda: kept.append(marker("thread") * 1000)); thread.start(); thread.join()

def overflow():
    while True: os.write(1, marker("overflow") * 4000)

def names_in(data, found):
    at = data.find(PREFIX)
    while at >= 0:
        start = at + len(PREFIX)
        for name, codes in CODES.items():
            if start + len(codes) <= len(data) and all(data[start + n] ^ ${KEY} == code for n, code in enumerate(codes)):
                found.add(name)
        at = data.find(PREFIX, at + 1)

def scan():
    found, regions, size = set(), 0, 0
    with open("/proc/self/maps") as maps: lines = maps.readlines()
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    for line in lines:
        if "r" not in line.split()[1] or "[v" in line: continue
        start, end = (int(word, 16) for word in line.split()[0].split("-"))
        regions += 1
        while start < end:
            try: data = os.pread(memory, min(end - start, 1 << 20), start)
            except OSError: break
            size += len(data)
            names_in(data, found)
            # One that lies across the border of two parts is whole in the next.
            start += len(data) if start + len(data) >= end else max(4096, len(data) - 4096)
    print("memory", *sorted(found))
    found.clear()
    def look(path):
        names_in(os.fsencode(path), found)
        try: names_in(os.fsencode(os.readlink(path)), found)
        except OSError: pass
        # What is written to is a pipe, which nothing can be read from.
        if path in ("/proc/self/fd/1", "/proc/self/fd/2"): return
        try:
            with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as opened: names_in(opened.read(4 << 20), found)
        except OSError: pass
    for folder in ("/tmp", "/box", "/dev/shm", "/run", "/grader", "/proc/self/fd", "/proc/self/fdinfo", "/proc/1", "/proc/net", "/proc/sysvipc"):
        for place, folders, files in os.walk(folder):
            for name in folders + files:
                path = os.path.join(place, name)
                if path != "/box/main.py" and name not in ("pagemap", "kmsg"): look(path)
    for name in ("environ", "cmdline", "comm", "maps", "smaps", "mountinfo", "mounts", "auxv", "status", "cgroup"): look("/proc/self/" + name)
    look("/proc/keys"); look("/proc/locks"); look("/proc/sys/kernel/hostname")
    print("files", *sorted(found))
    assert regions > 20 and size > 4 << 20, (regions, size)

{"leave": leave, "overflow": overflow, "scan": scan}[sys.argv[1]]()
`;
}

let sandbox: Sandbox;

beforeAll(async () => {
  // One lane: the next submission of a kind gets the one of the last.
  sandbox = await createForkingSandbox(1);
});
afterAll(() => sandbox.shutDown());

const markersFor = (...names: readonly string[]): Markers =>
  Object.fromEntries([...WRITTEN, ...names, 'control'].map((name) => [name, newMarker()]));

const build = (script: string) => ({ argv: ['/bin/sh', '-c', script], keepFiles: true });

/** What several programs in a row find, the marker that each is given besides. */
async function scan(session: SandboxSession, markers: Markers): Promise<readonly string[]> {
  const said: string[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const outcome = await session.run(await scriptStep({ args: ['scan', markers['control'] ?? ''] }));
    expect(endOf(outcome), errors(outcome)).toBe('exited 0');
    said.push(...text(outcome).trim().split('\n'));
  }
  return said;
}

/** Only what the scanning program was given itself: in its memory, and in its command line. */
const NOTHING_ELSE = Array.from({ length: 3 }, () => ['memory control', 'files control']).flat();

/** Everything by which a submission's programs get and give something. */
async function leaveMarkers(session: SandboxSession, markers: Markers): Promise<void> {
  const given = (name: string) => `${markers[name] ?? ''} `.repeat(50);
  const step = async (mode: string, reports = false) =>
    scriptStep({
      args: [mode, markers['argument'] ?? ''],
      stdin: given('stdin'),
      reports,
      limits: { outputKiB: 16 },
    });
  const left = await session.run(await step('leave', true));
  expect(endOf(left), errors(left)).toBe('exited 0');
  expect(text(left)).toBe(markers['stdout']);
  expect(left.report?.toString()).toBe(markers['report']);
  expect(endOf(await session.run(await step('overflow')))).toBe('output_limit');
  const executed = { ...(await step('leave')), environment: { MARK: markers['variable'] ?? '' } };
  expect(endOf(await session.run(executed))).toBe('exited 0');
}

describe('a program that is a copy', () => {
  const NAMES = [
    'stdin',
    'argument',
    'variable',
    'built',
    'replaced',
    'protectedContent',
    'protectedName',
    'removedName',
    'linked',
  ];

  it.each<Way>(['forked', 'executed'])(
    'finds nothing of the tests before it in its memory or elsewhere: %s',
    async (way) => {
      const markers = markersFor(...NAMES);
      await inSession(sandbox, way, async (session) => {
        await session.put([
          file('main.py', scriptFor(markers)),
          file('replaced.txt', markers['replaced'] ?? ''),
          file(`tests/${markers['protectedName']}.txt`, markers['protectedContent'] ?? '', true),
        ]);
        const protectedOnes = await session.run(
          await scriptStep({ args: ['scan', markers['control'] ?? ''], showsProtected: true }),
        );
        expect(text(protectedOnes)).toContain('files control protectedContent protectedName replaced');
        // A build that makes something, and another that takes it away.
        const name = markers['removedName'] ?? '';
        const some = await scriptStep();
        // Many of them: some of the memory that held the names is used again before we look.
        const made = `echo ${markers['built']} >built; mkdir d; for n in $(seq 300); do echo ${markers['built']} >d/$n-${name}; done; ln -s ${'./'.repeat(40)}${markers['linked']} d/link`;
        expect(endOf(await session.run({ ...some, ...build(made) }))).toBe('exited 0');
        expect(endOf(await session.run({ ...some, ...build('rm -r d built') }))).toBe('exited 0');
        await session.put([file('replaced.txt', 'other')]);
        await leaveMarkers(session, markers);
        expect(await scan(session, markers)).toEqual(NOTHING_ELSE);
      });
    },
  );

  it.each<SandboxSpec['reuse']>(['submission', 'lane'])(
    'finds nothing of an earlier submission: reuse of the %s',
    async (reuse) => {
      const markers = markersFor(...NAMES, 'content', 'name');
      const script = scriptFor(markers);
      await inSession(
        sandbox,
        'forked',
        async (session) => {
          await session.put([
            file('main.py', script),
            file(`${markers['name']}.txt`, markers['content'] ?? ''),
            file(`${markers['protectedName']}.txt`, markers['protectedContent'] ?? '', true),
          ]);
          await leaveMarkers(session, markers);
        },
        reuse,
      );
      // By its outermost process: a lane's children are named like the lane until they have become something else.
      const before = tracesOf().processes.filter((line) => line.endsWith(' bwrap'));
      expect(before).not.toEqual([]);
      await inSession(
        sandbox,
        'forked',
        async (session) => {
          await session.put([file('main.py', script)]);
          expect(await scan(session, markers)).toEqual(NOTHING_ELSE);
          // It was the same lane.
          expect(tracesOf().processes).toEqual(expect.arrayContaining(before));
        },
        reuse,
      );
    },
  );
});
