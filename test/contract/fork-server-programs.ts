/**
 * Small programs whose output and end depend on how an interpreter starts, reads its program, fails and ends: what
 * `sandbox-fork-server.spec.ts` compares between a copy of a started interpreter and one of its own.
 */
export interface ComparedProgram {
  readonly name: string;
  /** Null: there is no such file. */
  readonly script: string | Buffer | null;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly stdin?: string | Buffer;
  /** How it ends, both ways; `exited 0` when not given. */
  readonly ends?: string;
}

const BROKEN_HELPER = { 'helper.py': 'def fail(value):\n    return 1 / value\n' };

/** Ends by exceptions, and the texts that go with them. */
const FAILURES: readonly ComparedProgram[] = [
  { name: 'an uncaught exception', script: 'def f(n):\n    raise ValueError("bad", n)\n\nf(3)\n', ends: 'exited 1' },
  {
    name: 'an exception in a helper module',
    script: 'import helper\nprint("before")\nhelper.fail(0)\n',
    files: BROKEN_HELPER,
    ends: 'exited 1',
  },
  {
    name: 'chained exceptions',
    script:
      'import helper\ntry:\n    helper.fail(0)\nexcept ZeroDivisionError as error:\n    try:\n        {}["missing"]\n    except KeyError:\n        raise RuntimeError("outer") from error\n',
    files: BROKEN_HELPER,
    ends: 'exited 1',
  },
  {
    name: 'an exception while another is handled',
    script: 'try:\n    int("x")\nexcept ValueError:\n    undefined_name\n',
    ends: 'exited 1',
  },
  {
    name: 'a group of exceptions',
    script:
      'import sys\nif sys.version_info < (3, 11): sys.exit("no groups")\nraise ExceptionGroup("several", [ValueError(1), ExceptionGroup("inner", [TypeError("t"), KeyError("k")])])\n',
    ends: 'exited 1',
  },
  {
    name: 'an exception with notes',
    script: 'error = OSError(2, "text", "name")\ngetattr(error, "add_note", print)("a note")\nraise error\n',
    ends: 'exited 1',
  },
  { name: 'a syntax error in the script', script: 'print("never")\nfor x in range(3) print(x)\n', ends: 'exited 1' },
  {
    name: 'a syntax error in a module',
    script: 'print("first")\nimport broken\n',
    files: { 'broken.py': 'def f(:\n  pass\n' },
    ends: 'exited 1',
  },
  { name: 'wrong indentation', script: 'def f():\n    a = 1\n  b = 2\n', ends: 'exited 1' },
  { name: 'a source with a zero byte', script: 'print("\u0000")', ends: 'exited 1' },
  { name: 'a source that is not UTF-8', script: Buffer.from('print("\xe9")', 'latin1'), ends: 'exited 1' },
  {
    name: 'a source in another encoding',
    script: '# -*- coding: latin-1 -*-\nprint("é", ascii("é"))\n',
  },
  { name: 'an empty script', script: '' },
  { name: 'a missing script', script: null, ends: 'exited 2' },
  {
    name: 'a folder in place of the script',
    script: null,
    files: {
      'main.py/__main__.py':
        'import sys, other\nprint(sys.argv, sys.path[0], __file__, __spec__, other.__file__)\n1 / 0\n',
      'main.py/other.py': '',
    },
    ends: 'exited 1',
  },
  { name: 'a folder without a program', script: null, files: { 'main.py/other.py': '' }, ends: 'exited 1' },
  { name: 'a broken archive in place of the script', script: 'PK\u0003\u0004 and more', ends: 'exited 1' },
  { name: 'a missing module', script: 'import json\nimport nowhere_to_be_found\n', ends: 'exited 1' },
  {
    name: 'a misspelt name, with what was meant',
    script:
      'import math\nlength = 3\ntry:\n    math.sqr(2)\nexcept AttributeError as e:\n    print(e)\nprint(lenght)\n',
    ends: 'exited 1',
  },
  {
    name: 'recursion without end',
    script: 'def f(n):\n    return f(n + 1)\n\nf(0)\n',
    ends: 'exited 1',
  },
  {
    name: 'the depth at which recursion ends',
    script: `
import sys
deepest = 0
def f(n):
    global deepest
    deepest = n
    f(n + 1)
def g(value):
    return [g(value)]
try: f(0)
except RecursionError as error: print(deepest, error)
class C:
    def __repr__(self): return repr(self)
try: repr(C())
except RecursionError as error: print(error)
print(sys.getrecursionlimit())
sys.setrecursionlimit(20000)
try: f(0)
except RecursionError: print(deepest)
`,
  },
  {
    name: 'an exception in a thread',
    script:
      'import threading\nt = threading.Thread(target=lambda: 1 / 0, name="worker")\nt.start(); t.join(); print("end")\n',
  },
  {
    name: 'an exception that is not to be raised',
    script: 'class C:\n    def __del__(self): raise ValueError("in del")\nc = C()\ndel c\nprint("on")\n',
  },
  {
    name: 'a hook for exceptions',
    script:
      'import sys\nsys.excepthook = lambda kind, error, trace: print("hook", kind.__name__, trace.tb_lineno)\n\n1 / 0\n',
    ends: 'exited 1',
  },
  {
    name: 'a traceback of its own making',
    script:
      'import traceback, sys\ndef f():\n    traceback.print_stack()\n    print([frame.name for frame in traceback.extract_stack()])\n    frame, depth = sys._getframe(), 0\n    while frame: frame, depth = frame.f_back, depth + 1\n    print(depth)\nf()\n',
  },
  { name: 'a warning', script: 'import warnings\nwarnings.warn("watch out")\nprint(warnings.filters)\n' },
  { name: 'a warning of the compiler', script: 'print("\\d", 1 is 1)\n' },
  { name: 'an assertion', script: 'assert 1 + 1 == 3, "sum"\n', ends: 'exited 1' },
];

const exits = (value: string, ends: string): ComparedProgram => ({
  name: `sys.exit(${value})`,
  script: `import sys\nprint("out")\nsys.exit(${value})\n`,
  ends,
});

/** Ends of the interpreter: statuses, signals, and what it still does. */
const ENDS: readonly ComparedProgram[] = [
  exits('None', 'exited 0'),
  exits('7', 'exited 7'),
  exits('-1', 'exited 255'),
  exits('256', 'exited 0'),
  exits('2 ** 40 + 5', 'exited 5'),
  exits('"a text"', 'exited 1'),
  exits('[1, 2]', 'exited 1'),
  exits('3.5', 'exited 1'),
  { name: 'SystemExit with nothing', script: 'raise SystemExit\n' },
  { name: 'quit()', script: 'print(repr(quit), copyright)\nquit(3)\n', ends: 'exited 3' },
  {
    name: 'sys.exit in a thread',
    script:
      'import threading, sys\nt = threading.Thread(target=sys.exit, args=(5,))\nt.start(); t.join(); print("still here")\n',
  },
  { name: 'os._exit', script: 'import os\nprint("lost")\nos._exit(9)\n', ends: 'exited 9' },
  { name: 'os.abort', script: 'import os\nprint("lost")\nos.abort()\n', ends: 'signalled SIGABRT' },
  {
    name: 'the order of atexit',
    script:
      'import atexit, sys, threading\nfor n in range(3): atexit.register(print, "exit", n)\n@atexit.register\ndef broken(): 1 / 0\nthreading.Thread(target=lambda: print("thread")).start()\nprint(atexit._ncallbacks())\nsys.exit(4)\n',
    ends: 'exited 4',
  },
  {
    name: 'threads at the end',
    script:
      'import threading, time\ndef late(): time.sleep(0.1); print("late")\nthreading.Thread(target=late).start()\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nprint("main ends")\n',
  },
  {
    name: 'destructors at the end',
    script:
      'import sys\nclass C:\n    def __init__(self, name): self.name = name\n    def __del__(self): print("del", self.name, sys is not None)\na, b = C("a"), C("b")\nb.me = b\nclass D(C): pass\nsys.kept = D("in sys")\nprint("end")\n',
  },
  {
    name: 'what a destructor finds at the very end',
    script: `
import os, sys
class C:
    def __init__(self, name): self.name = name
    def __del__(self, write=os.write, sys_module=sys):
        write(1, f"del {self.name} {sys is None} {sys_module.stdout} {len(sys_module.modules or [])}\\n".encode())
a, b = C("a"), C("b")
b.me = b
class D(C): pass
sys.kept = D("in sys")
os.kept = C("in os")
print("end")
`,
  },
  {
    name: 'a file that nobody closed',
    script: 'kept = open("/proc/self/fd/1", "w")\nkept.write("unflushed\\n")\nprint("printed")\n',
  },
  {
    name: 'a file that nobody closed, with warnings',
    script:
      'import warnings\nwarnings.simplefilter("always")\ndef f(): open("/box/main.py")\nf()\nkept = open("/box/main.py")\n',
  },
  {
    name: 'a standard output without a reader',
    script: 'import os\nr, w = os.pipe(); os.dup2(w, 1); os.close(w); os.close(r)\nprint("nobody hears")\n',
    ends: 'exited 120',
  },
  {
    name: 'writing to a pipe without a reader',
    script: 'import os, sys\nr, w = os.pipe(); os.dup2(w, 1); os.close(w); os.close(r)\nprint("x", flush=True)\n',
    ends: 'exited 120',
  },
  { name: 'a closed standard output', script: 'import os\nprint("kept")\nos.close(1)\n', ends: 'exited 120' },
  {
    name: 'closed standard streams',
    script: 'import sys\nprint("a"); sys.stdout.close(); sys.stdin.close(); sys.stderr.close()\n',
  },
  {
    name: 'an interrupt',
    script: 'import os, signal\nprint("before")\nos.kill(os.getpid(), signal.SIGINT)\nfor n in range(10 ** 6): pass\n',
    ends: 'signalled SIGINT',
  },
  {
    name: 'an interrupt that is caught',
    script:
      'import os, signal, time\ntry:\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(5)\nexcept KeyboardInterrupt: print("caught")\n',
  },
  ...['SIGTERM', 'SIGKILL', 'SIGSEGV', 'SIGUSR1', 'SIGALRM', 'SIGHUP', 'SIGFPE'].map((signal) => ({
    name: `${signal} to itself`,
    script: `import os, signal\nprint("out", flush=True)\nos.kill(os.getpid(), signal.${signal})\nimport time; time.sleep(5)\n`,
    ends: `signalled ${signal}`,
  })),
  {
    name: 'signals that are ignored or handled',
    script: `
import os, signal, time, faulthandler
print([(s.name, signal.getsignal(s)) for s in sorted(signal.valid_signals()) if isinstance(s, signal.Signals) and s != signal.SIGINT])
print(signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.sigpending(), faulthandler.is_enabled())
print([line for line in open("/proc/self/status") if line.startswith(("Sig", "Shd"))][1:])
signal.signal(signal.SIGUSR1, lambda number, frame: print("handled", number))
os.kill(os.getpid(), signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGPIPE)
signal.alarm(1)
signal.signal(signal.SIGALRM, lambda *_: print("alarm"))
signal.pause()
`,
  },
  {
    name: 'a crash with faulthandler',
    script:
      'import faulthandler, ctypes, re, os\nr, w = os.pipe()\npid = os.fork()\nif pid == 0:\n    faulthandler.enable(file=w)\n    def crash(): ctypes.string_at(0)\n    crash()\nos.close(w)\nprint(os.waitpid(pid, 0)[1])\nprint(re.sub("0x[0-9a-f]+", "0x", os.fdopen(r).read()))\n',
  },
];

/** Standard streams. */
const STREAMS: readonly ComparedProgram[] = [
  { name: 'input() with prompts', script: 'a = input("first? ")\nb = input()\nprint(a, b)\n', stdin: '1\r\n2' },
  { name: 'input() at the end', script: 'print(input("one "))\ninput("two ")\n', stdin: 'x\n', ends: 'exited 1' },
  {
    name: 'binary input',
    script: 'import sys\ndata = sys.stdin.buffer.read()\nprint(len(data), data[:6])\nsys.stdout.buffer.write(data)\n',
    stdin: Buffer.from([0, 255, 10, 13, 10, 128, 200]),
  },
  {
    name: 'input that is not UTF-8',
    script: 'import sys\nprint(sys.stdin.read())\n',
    stdin: Buffer.from([0x61, 0xff, 0x62]),
  },
  {
    name: 'what standard input is',
    script: `
import os, stat, sys
print(sys.stdin.seekable(), sys.stdin.isatty(), sys.stdin.fileno(), sys.stdin.readable(), sys.stdin.tell())
print(sys.stdin.readline()); print(sys.stdin.buffer.tell()); sys.stdin.seek(0)
print([line.rstrip() for line in sys.stdin], os.lseek(0, 0, os.SEEK_CUR))
for number in range(3):
    status = os.fstat(number)
    print(number, stat.filemode(status.st_mode), status.st_blksize, os.get_inheritable(number), os.get_blocking(number))
try: os.write(0, b"x")
except OSError as error: print(error)
print(open("/dev/stdin").read())
import fcntl; print([fcntl.fcntl(n, fcntl.F_GETFL) & os.O_ACCMODE for n in range(3)])
`,
    stdin: 'one\ntwo\nthree',
  },
  {
    name: 'what the streams are',
    script: `
import sys
for stream in (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__):
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.line_buffering, stream.write_through, stream.newlines, stream._CHUNK_SIZE)
    print(stream.buffer.mode, stream.buffer.raw.mode, stream.buffer.raw.closefd, stream.seekable(), repr(stream))
print(sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.displayhook, sys.excepthook)
`,
  },
  {
    name: 'reading lines',
    script: 'import sys\nfor line in sys.stdin: print(repr(line))\nprint(sys.stdin.readlines())\n',
    stdin: 'a\nb\n\nc',
  },
  {
    name: 'a lot of input',
    script: 'import sys\nprint(sum(map(int, sys.stdin.read().split())))\n',
    stdin: '12345 '.repeat(50_000),
  },
  {
    name: 'one file for both outputs',
    script:
      'import os, sys\nos.dup2(1, 2)\nprint("out 1"); print("err 1", file=sys.stderr); print("out 2", flush=True); os.write(1, b"raw\\n")\nsys.stderr.write("half"); print("out 3"); print("x" * 20000); print("err 2", file=sys.stderr)\n',
  },
  {
    name: 'what is flushed',
    script: 'import os\nprint("a", end=""); print("b", flush=True); print("c")\nos.kill(os.getpid(), 9)\n',
    ends: 'signalled SIGKILL',
  },
  {
    name: 'Unicode',
    script: 'print("ü€𝄞", ascii("ü"), "\\udcff".encode("utf-8", "surrogateescape"))\nprint("\\ud880")\n',
    ends: 'exited 1',
  },
  { name: 'other line ends', script: 'print("a")\r\nif True:\r\n    print("b")\r\n' },
];

export const OUTWARD_PROGRAMS: readonly ComparedProgram[] = [...FAILURES, ...ENDS, ...STREAMS];
