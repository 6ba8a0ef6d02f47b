import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RunLimits } from '../../src/sandbox/limits.js';
import type { RunOutcome } from '../../src/sandbox/run-outcome.js';
import { detectRuntimes } from '../../src/sandbox/runtimes.js';
import type { Sandbox, SandboxFile, SandboxSession, SandboxSpec, SandboxStep } from '../../src/sandbox/sandbox.js';
import { withRoomForTime } from '../support/test-kernel.js';
import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';

/** What a grader can rely on when it runs a program of its own beside the student's: reports and protected files. */

const LIMITS: RunLimits = withRoomForTime({
  cpuTimeMs: 8_000,
  wallTimeMs: 30_000,
  memoryMiB: 128,
  processes: 16,
  outputKiB: 64,
  diskMiB: 4,
});

interface StepOptions extends Partial<Omit<SandboxStep, 'limits' | 'stdin'>> {
  readonly stdin?: string;
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

const PYTHON = ['/usr/bin/python3', '-I', '-B'] as const;
const shell = (script: string, options: StepOptions = {}) => step(['/bin/sh', '-c', script], options);
const python = (script: string, options: StepOptions = {}) => step([...PYTHON, '-c', script], options);
const file = (path: string, content: string | Buffer, executable = false): SandboxFile => ({
  path,
  content: Buffer.from(content),
  executable,
});
const protectedFile = (path: string, content: string | Buffer, executable = false): SandboxFile => ({
  ...file(path, content, executable),
  isProtected: true,
});
const text = (outcome: RunOutcome) => outcome.stdout.toString('utf8');
const reportOf = (outcome: RunOutcome) => outcome.report?.toString('utf8');

/** Says which descriptors besides the standard streams are open. */
const LOOK_FOR_DESCRIPTORS = `
import os
def is_open(number):
  try: os.fstat(number)
  except OSError: return False
  return True
print([number for number in range(3, 512) if is_open(number)])
`;

/** Everything that could change what lies in /grader, or what is found under that name. Says what succeeded. */
const ATTACK_PROTECTED = `
import ctypes, os, shutil
libc = ctypes.CDLL(None, use_errno=True)
done = []
def attempt(name, action):
  try: action()
  except (OSError, shutil.Error): return
  done.append(name)
def call(name, *arguments):
  if getattr(libc, name)(*arguments) == 0: done.append(name + repr(arguments))
FILE = "/grader/deep/expected.txt"
open("/box/other", "w").write("other")
attempt("write", lambda: open(FILE, "w").write("x"))
attempt("append", lambda: open(FILE, "a").write("x"))
attempt("update", lambda: open(FILE, "r+").write("x"))
attempt("again", lambda: open("/proc/self/fd/%d" % os.open(FILE, os.O_RDONLY), "w").write("x"))
attempt("truncate", lambda: os.truncate(FILE, 0))
attempt("unlink", lambda: os.unlink(FILE))
attempt("rename", lambda: os.rename(FILE, FILE + "2"))
attempt("replace", lambda: shutil.move("/box/other", FILE))
attempt("create", lambda: open("/grader/new", "w"))
attempt("mkdir", lambda: os.mkdir("/grader/folder"))
attempt("symlink", lambda: os.symlink("/box/other", "/grader/link"))
attempt("link out", lambda: os.link(FILE, "/box/hard"))
attempt("chmod", lambda: os.chmod(FILE, 0o777))
attempt("chmod folder", lambda: os.chmod("/grader", 0o777))
attempt("chown", lambda: os.chown(FILE, os.getuid(), os.getgid()))
attempt("utime", lambda: os.utime(FILE))
attempt("setxattr", lambda: os.setxattr(FILE, "user.x", b"x"))
attempt("rmdir", lambda: os.rmdir("/grader/deep"))
attempt("rename folder", lambda: os.rename("/grader", "/box/grader"))
attempt("rename onto it", lambda: (os.mkdir("/box/empty"), os.rename("/box/empty", "/grader")))
NOSUID, NODEV, REMOUNT, BIND, MOVE, DETACH = 2, 4, 32, 4096, 8192, 2
call("mount", b"none", b"/grader", b"tmpfs", 0, None)
call("mount", b"/box", b"/grader", None, BIND, None)
call("mount", None, b"/grader", None, REMOUNT | BIND | NOSUID | NODEV, None)
call("mount", None, b"/grader", None, REMOUNT | NOSUID | NODEV, None)
call("mount", b"/grader", b"/tmp", None, MOVE, None)
call("umount2", b"/grader", DETACH)
call("unshare", 0x10000000 | 0x20000)
call("chroot", b"/box")
print(done)
`;

/**
 * The recipe of docs/sandbox.md ("What a grader can rely on"). It runs /box/main.py and reports, with the token that only the
 * worker and it know, what that program printed. Words after its name leave parts of the recipe out.
 */
const HARNESS = `
import ctypes, json, os, subprocess, sys
PR_SET_DUMPABLE, REPORT = 4, 3
careless = sys.argv[1:]
if "dumpable" not in careless and ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0: sys.exit("prctl")
os.set_inheritable(REPORT, False)
token = sys.stdin.readline().strip()
student = subprocess.run(
  ["/usr/bin/python3", "-B", "-s", "/box/main.py"],
  stdin=None if "stdin" in careless else subprocess.DEVNULL,
  stdout=subprocess.PIPE,
  stderr=subprocess.STDOUT,
)
os.write(REPORT, json.dumps({"token": token, "said": student.stdout.decode(), "status": student.returncode}).encode())
`;

/** Looks everywhere for the harness's descriptors, memory and token. Says what it found. */
const FORGE = `
import ctypes, os, re, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
TOKEN = re.compile(b"token-[0-9a-f]+")
found = []
def forge(name, path):
  try: descriptor = os.open(path, os.O_WRONLY)
  except OSError: return
  try: os.write(descriptor, b"forged"); found.append("wrote to " + name)
  except OSError: pass
  os.close(descriptor)
def search(name, path):
  try:
    with open(path, "rb") as opened: content = opened.read(1 << 20)
  except OSError: return
  if TOKEN.search(content): found.append("token in " + name)
for number in range(3, 512):
  try: os.write(number, b"forged"); found.append("descriptor %d" % number)
  except OSError: pass
search("standard input", "/proc/self/fd/0")
for pid in range(1, 64):
  if pid == os.getpid(): continue
  name = "the harness" if pid == os.getppid() else "process %d" % pid
  for path in ("/proc/%d" % pid, "/proc/%d/task/%d" % (pid, pid)):
    forge(name, path + "/fd/3")
    search(name, path + "/fd/0")
    for part in ("cmdline", "environ", "stat", "mem"): search(name, path + "/" + part)
    try: os.open(path + "/mem", os.O_RDWR); found.append("memory of " + name)
    except OSError: pass
  # PTRACE_ATTACH; then pidfd_getfd, and process_vm_readv of nothing, which is refused only where that is not allowed.
  if libc.ptrace(16, pid, 0, 0) == 0: found.append("traces " + name)
  try: descriptor = os.pidfd_open(pid)
  except OSError: continue
  if libc.syscall(438, descriptor, 3, 0) >= 0: found.append("takes a descriptor of " + name)
search("its own environment", "/proc/self/environ")
try: open("/grader/harness.py", "w"); found.append("writes the harness")
except OSError: pass
print(sorted(set(found)))
`;

describe.each(SANDBOX_ADAPTERS)('$name for graders', ({ create }) => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = create();
    const { usable, reason } = await sandbox.probe();
    if (!usable) throw new Error(reason ?? 'not usable');
  });

  afterAll(async () => {
    await sandbox.shutDown();
  });

  async function inSession<T>(
    work: (session: SandboxSession) => Promise<T>,
    spec: Partial<SandboxSpec> = {},
  ): Promise<T> {
    const session = await sandbox.open({ runtime: 'python', network: 'none', ...spec });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  const run = (one: SandboxStep) => inSession((session) => session.run(one));

  describe('takes reports', () => {
    it('byte by byte, apart from the output', async () => {
      const outcome = await run(
        python('import os, sys; os.write(3, bytes(range(256)) * 2); os.write(1, b"out"); os.write(2, b"err")', {
          reports: true,
        }),
      );
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0, reason: null });
      expect(outcome.report).toEqual(Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256)));
      expect(text(outcome)).toBe('out');
      expect(outcome.stderr.toString()).toBe('err');
    });

    it('that are empty', async () => {
      for (const script of ['exit 3', 'exec 3>&-; exit 3']) {
        const outcome = await run(shell(script, { reports: true }));
        expect(outcome).toMatchObject({ kind: 'exited', exitCode: 3 });
        expect(outcome.report).toEqual(Buffer.alloc(0));
      }
    });

    it('up to the output limit, and ends who reports more', async () => {
      const limits = { outputKiB: 4 };
      const full = await run(shell('head -c 4096 /dev/zero >&3', { reports: true, limits }));
      expect(full).toMatchObject({ kind: 'exited', exitCode: 0 });
      expect(full.report).toEqual(Buffer.alloc(4096));
      for (const script of ['head -c 4097 /dev/zero >&3', 'echo out; cat /dev/zero >&3']) {
        const cut = await run(shell(script, { reports: true, limits }));
        expect(cut).toMatchObject({ kind: 'output_limit', stdoutTruncated: false, stderrTruncated: false });
        expect(cut.report).toEqual(Buffer.alloc(4096));
      }
    });

    it('of programs that are ended for a limit', async () => {
      const outcome = await run(
        shell('echo begun >&3; while :; do :; done', { reports: true, limits: { cpuTimeMs: 300 } }),
      );
      expect(outcome.kind).toBe('cpu_limit');
      expect(reportOf(outcome)).toBe('begun\n');
    });

    it('without waiting for a process that holds the descriptor', async () => {
      const outcome = await run(shell('setsid sleep 600 >/dev/null 2>&1 & echo done >&3', { reports: true }));
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
      expect(reportOf(outcome)).toBe('done\n');
    });

    it('of a build, and keeps what it leaves', async () => {
      await inSession(async (session) => {
        const build = await session.run(shell('echo built >made; echo ok >&3', { reports: true, keepFiles: true }));
        expect(build).toMatchObject({ kind: 'exited', exitCode: 0 });
        expect(reportOf(build)).toBe('ok\n');
        const next = await session.run(shell('cat made; echo next >&3', { reports: true }));
        expect(text(next)).toBe('built\n');
        expect(reportOf(next)).toBe('next\n');
      });
    });

    it('of a copy of the interpreter where it makes such', async () => {
      const runtime = (await detectRuntimes()).find(({ key }) => key === 'python');
      const outcome = await inSession(
        async (session) => {
          await session.put([
            file('main.py', 'import os; os.write(3, open("/grader/x").read().encode())'),
            protectedFile('x', 'shown'),
          ]);
          const argv = runtime?.command('main.py', [], LIMITS) ?? [];
          expect(reportOf(await session.run(step(argv, { reports: true, showsProtected: true })))).toBe('shown');
          return session.run(step(argv));
        },
        { forkServer: { entrypoint: 'main.py' } },
      );
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 1 });
      expect(outcome.stderr.toString()).toContain('/grader/x');
    });

    it('on a descriptor that no other program has', async () => {
      expect(text(await run(python(LOOK_FOR_DESCRIPTORS)))).toBe('[]\n');
      expect(text(await run(python(LOOK_FOR_DESCRIPTORS, { reports: true })))).toBe('[3]\n');
      const silent = await run(shell('echo x 2>/dev/null >&3 || echo closed'));
      expect(text(silent)).toBe('closed\n');
      expect(silent.report ?? Buffer.alloc(0)).toHaveLength(0);
    });

    it('on a descriptor that Python does not hand on', async () => {
      const outcome = await run(
        python(
          `import os, subprocess, sys\nsubprocess.run([sys.executable, "-I", "-c", ${JSON.stringify(LOOK_FOR_DESCRIPTORS)}])\nos.write(3, b"kept")`,
          { reports: true },
        ),
      );
      expect(text(outcome)).toBe('[]\n');
      expect(reportOf(outcome)).toBe('kept');
    });
  });

  describe('shows protected files', () => {
    it('in folders, with their modes and bytes, beside the working folder', async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      const outcome = await inSession(async (session) => {
        await session.put([
          protectedFile('a/b/data.bin', bytes),
          protectedFile(
            'a/run me.sh',
            '#!/bin/sh\ncat /grader/a/b/data.bin\n[ -x /grader/a/b/data.bin ] || echo plain >&2',
            true,
          ),
          protectedFile('empty', ''),
          file('main.py', ''),
        ]);
        const seen = await session.run(shell('cd /grader; find . | sort; ls -A /box', { showsProtected: true }));
        expect(text(seen)).toBe('.\n./a\n./a/b\n./a/b/data.bin\n./a/run me.sh\n./empty\nmain.py\n');
        return session.run(step(['/grader/a/run me.sh'], { showsProtected: true }));
      });
      expect(outcome.stdout).toEqual(bytes);
      expect(outcome.stderr.toString()).toBe('plain\n');
    });

    it('that nobody inside can change, replace or cover', async () => {
      await inSession(async (session) => {
        await session.put([protectedFile('deep/expected.txt', 'right')]);
        for (const keepFiles of [false, true]) {
          const attack = await session.run(python(ATTACK_PROTECTED, { showsProtected: true, keepFiles }));
          expect(attack.stderr.toString()).toBe('');
          expect(text(attack)).toBe('[]\n');
        }
        const after = await session.run(
          shell('cat /grader/deep/expected.txt; ls -A /grader', { showsProtected: true }),
        );
        expect(text(after)).toBe('rightdeep\n');
      });
    });

    it('to no step that did not ask', async () => {
      await inSession(async (session) => {
        await session.put([protectedFile('expected.txt', 'right')]);
        const look = 'ls -A /grader; cat /grader/expected.txt; ls -A /box; grep -c " /grader " /proc/self/mounts';
        expect(text(await session.run(shell(look, { showsProtected: true })))).toBe('expected.txt\nright1\n');
        for (const keepFiles of [false, true]) {
          expect(text(await session.run(shell(look, { keepFiles })))).toBe('0\n');
        }
      });
    });

    it('that no build has planted', async () => {
      await inSession(async (session) => {
        await session.put([protectedFile('harness.sh', 'echo ours'), file('harness.sh', 'echo theirs')]);
        const plant =
          'mkdir -p /grader/x grader; for f in /grader grader . ../grader; do echo "echo evil" >$f/harness.sh; done; ln -s /grader link; ln -s /box/grader/harness.sh more.sh; mount -t tmpfs x /grader; ls -A /grader; echo built';
        const build = await session.run(shell(plant, { keepFiles: true }));
        expect(build).toMatchObject({ kind: 'exited', exitCode: 0 });
        expect(text(build)).toBe('built\n');
        const seen = await session.run(
          shell('sh /grader/harness.sh; sh link/harness.sh; sh ./harness.sh; ls -A /grader', { showsProtected: true }),
        );
        expect(text(seen)).toBe('ours\nours\nevil\nharness.sh\n');
      });
    });

    it('that are put after a build, and none that was put before is lost by it', async () => {
      await inSession(async (session) => {
        await session.put([protectedFile('before', '1')]);
        await session.run(shell('cat /grader/before >copied', { keepFiles: true, showsProtected: true }));
        await session.put([protectedFile('after', '2'), file('added', '3')]);
        const seen = await session.run(
          shell('cat /grader/before /grader/after copied added; ls -A /grader /box', { showsProtected: true }),
        );
        expect(text(seen)).toBe('1213/box:\nadded\ncopied\n\n/grader:\nafter\nbefore\n');
      });
    });

    it('of which the last one put counts, as a file or as a folder', async () => {
      await inSession(async (session) => {
        await session.put([
          protectedFile('a', 'file'),
          protectedFile('b/c/d', 'in a folder'),
          protectedFile('e', 'old', true),
        ]);
        await session.run(shell(':', { showsProtected: true }));
        await session.put([
          protectedFile('a/b', 'now a folder'),
          protectedFile('b', 'now a file'),
          protectedFile('e', 'new'),
        ]);
        const seen = await session.run(
          shell('cd /grader; find . | sort; cat a/b b e; [ -x e ] || echo; ', { showsProtected: true }),
        );
        expect(text(seen)).toBe('.\n./a\n./a/b\n./b\n./e\nnow a foldernow a filenew\n');
      });
    });

    it('from an empty folder on', async () => {
      expect(text(await run(shell('ls -A /grader; mkdir /grader/x || echo refused', { showsProtected: true })))).toBe(
        'refused\n',
      );
    });

    it('to other sessions never', async () => {
      await inSession((session) => session.put([protectedFile('mine', 'x')]));
      expect(text(await run(shell('ls -A /grader', { showsProtected: true })))).toBe('');
    });

    it('only below their folder', async () => {
      await inSession(async (session) => {
        for (const path of ['../box/x', '/etc/x', 'a/../../x', '.', '']) {
          await expect(session.put([protectedFile(path, 'x')])).rejects.toThrow(/relative path/);
        }
      });
    });

    it('as many as every sandbox promises', async () => {
      await inSession(async (session) => {
        const files = Array.from({ length: 512 }, (_, index) => protectedFile(`${index % 7}/${index}`, `${index}\n`));
        await session.put(files);
        const seen = await session.run(
          shell('find /grader -type f | wc -l; cat /grader/1/1 /grader/0/511', { showsProtected: true }),
        );
        expect(text(seen)).toBe('512\n1\n511\n');
      });
    });

    it("within the step's disk limit; more is no fault of the program", async () => {
      await inSession(async (session) => {
        await session.put([protectedFile('large', Buffer.alloc(3 << 20))]);
        const fits = await session.run(shell('wc -c </grader/large', { showsProtected: true }));
        expect(text(fits)).toBe(`${3 << 20}\n`);
        const outcome = await session.run(shell(':', { showsProtected: true, limits: { diskMiB: 1 } }));
        expect(outcome.kind).toBe('sandbox_failure');
        expect(outcome.reason).toMatch(/No space left|protected files/);
      });
    });
  });

  describe('lets a harness', () => {
    const TOKEN = 'token-0123456789abcdef';

    async function harness(student: string, ...careless: readonly string[]): Promise<RunOutcome> {
      return inSession(async (session) => {
        await session.put([protectedFile('harness.py', HARNESS), file('main.py', student)]);
        return session.run(
          step([...PYTHON, '/grader/harness.py', ...careless], {
            stdin: `${TOKEN}\n`,
            reports: true,
            showsProtected: true,
          }),
        );
      });
    }

    it('report on a program that can neither forge the report nor learn the token', async () => {
      const outcome = await harness(FORGE);
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
      expect(JSON.parse(reportOf(outcome) ?? '')).toEqual({ token: TOKEN, said: '[]\n', status: 0 });
      expect(text(outcome)).toBe('');
    });

    it('show that each part of the recipe is needed', async () => {
      expect(reportOf(await harness(FORGE, 'dumpable'))).toMatch(/^forged.*wrote to the harness/s);
      expect(reportOf(await harness(FORGE, 'stdin'))).toContain('token in standard input');
    });

    it('be ended by the program, which then has no report', async () => {
      const outcome = await harness('import os, signal; os.kill(os.getppid(), signal.SIGKILL)');
      expect(outcome).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
      expect(outcome.report).toEqual(Buffer.alloc(0));
    });

    it('start without any code of the submission', async () => {
      const plant =
        'd=$(/usr/bin/python3 -c "import site; print(site.getusersitepackages())"); mkdir -p "$d"; echo \'print("planted")\' | tee "$d/usercustomize.py" >subprocess.py; cp subprocess.py json.py';
      await inSession(async (session) => {
        await session.put([protectedFile('harness.py', HARNESS), file('main.py', 'print("student")')]);
        await session.run(shell(plant, { keepFiles: true }));
        const options = { stdin: TOKEN, reports: true, showsProtected: true };
        const careless = await session.run(step(['/usr/bin/python3', '/grader/harness.py'], options));
        expect(text(careless)).toContain('planted');
        const outcome = await session.run(step([...PYTHON, '/grader/harness.py'], options));
        expect(text(outcome)).toBe('');
        expect(JSON.parse(reportOf(outcome) ?? '')).toEqual({ token: TOKEN, said: 'student\n', status: 0 });
      });
    });
  });
});
