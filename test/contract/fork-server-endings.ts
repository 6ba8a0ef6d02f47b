import type { ComparedProgram } from './fork-server-programs.js';

const NOISY =
  'class Noisy:\n    def __init__(self, name): self.name = name\n    def __del__(self): print("del", self.name)\n';

const left = (name: string, script: string): ComparedProgram => ({ name: `at the end: ${name}`, script });

/**
 * What a program leaves behind for the end of its interpreter. A copy leaves out what nobody could see of that end
 * (`native/template/sitecustomize.py`), so that each of these is something that must still be seen.
 */
const LEFT_BEHIND: readonly ComparedProgram[] = [
  left(
    'objects in the order of their names',
    `${NOISY}b = Noisy("b")\n_a = Noisy("_a")\na = Noisy("a")\nprint("end")\n`,
  ),
  left('an object in a cycle', `${NOISY}a = Noisy("a")\na.me = a\ndel a\nprint("end")\n`),
  left(
    'an object in a module',
    `${NOISY}import math, os, random\nmath.kept, os.kept, random.kept = map(Noisy, "mor")\n`,
  ),
  left('an object in a list in a closure', `${NOISY}def make(kept): return lambda: kept\nf = make([Noisy("x")])\n`),
  left('an object at the standard output', `${NOISY}import sys\nsys.stdout.kept = Noisy("x")\n`),
  left('an object in the arguments', `${NOISY}import sys\nsys.argv.append(Noisy("x"))\n`),
  left('an object in the builtins', `${NOISY}import builtins\nbuiltins.kept = Noisy("x")\n`),
  left(
    'an object as an exception',
    `${NOISY}class E(Noisy, Exception): pass\ntry: raise E("x")\nexcept E as e: kept = e\n`,
  ),
  left(
    'an object without a place for anything',
    'class C:\n    __slots__ = ()\n    def __del__(self): print("del")\nc = C()\n',
  ),
  left(
    'a number with a destructor',
    'class C(int):\n    __slots__ = ()\n    def __del__(self): print("del", int(self))\nc = [C(3)]\n',
  ),
  left('a destructor that was given later', 'class C: pass\nc = C()\nC.__del__ = lambda self: print("del")\n'),
  left(
    'a destructor of a class of a class',
    'class M(type):\n    def __del__(self): print("del", self.__name__)\nclass C(metaclass=M): pass\n',
  ),
  left(
    'a class that hides what it has',
    'class M(type):\n    def __getattribute__(self, name): print("asked", name)\n    def __hash__(self): print("hash"); return 1\n    def __eq__(self, other): print("eq"); return True\nclass C(metaclass=M): pass\nclass D(metaclass=M): pass\nc, d = C(), D()\nprint("end")\n',
  ),
  left(
    'a class that is older than the program',
    'import os\nclass E(os._Environ):\n    def __del__(self): print("del")\ne = E({}, str, str, str, str)\n',
  ),
  left('a destructor that fails', 'class C:\n    def __del__(self): raise ValueError("in del")\nc = C()\n'),
  left('a destructor that wants to exit', 'import sys\nclass C:\n    def __del__(self): sys.exit(7)\nc = C()\n'),
  left(
    'a destructor that resurrects',
    `${NOISY}kept = []\nclass C:\n    def __del__(self): print("again"); kept.append(self)\nc = C()\n`,
  ),
  {
    ...left(
      'a destructor that ends the process',
      'import os\nclass C:\n    def __del__(self): os._exit(8)\nc = C()\nprint("lost")\n',
    ),
    ends: 'exited 8',
  },
  {
    ...left('a destructor after an exception', `${NOISY}def f():\n    kept = Noisy("in a frame")\n    1 / 0\nf()\n`),
    ends: 'exited 1',
  },
  {
    ...left(
      'a destructor after sys.exit',
      `${NOISY}import sys\ndef f():\n    kept = Noisy("in a frame")\n    sys.exit(5)\nf()\n`,
    ),
    ends: 'exited 5',
  },
  left(
    'a destructor and no garbage collector',
    `${NOISY}import gc\ngc.disable()\na = Noisy("a")\na.me = a\ngc.freeze()\n`,
  ),
  left('a callback of the garbage collector', 'import gc\ngc.callbacks.append(lambda phase, info: print(phase))\n'),
  left(
    'a generator with finally',
    'def f():\n    try: yield 1\n    finally: print("finally")\ng = f()\nnext(g)\nprint("end")\n',
  ),
  left(
    'a context manager that is open',
    'import contextlib\n@contextlib.contextmanager\ndef f():\n    try: yield\n    finally: print("left")\nc = f()\nc.__enter__()\n',
  ),
  left('a coroutine that nobody awaited', 'async def f(): pass\nc = f()\n'),
  left(
    'an asynchronous generator',
    'async def f():\n    try: yield 1\n    finally: print("finally")\ng = f()\ntry: g.asend(None).send(None)\nexcept StopIteration as e: print(e.value)\n',
  ),
  left('weakref.finalize', 'import weakref\nclass C: pass\nc = C()\nweakref.finalize(c, print, "finalized")\n'),
  left(
    'a callback of a weak reference',
    'import weakref\nclass C: pass\nc = C()\nr = weakref.ref(c, lambda _: print("gone"))\n',
  ),
  left(
    'a callback that is built in',
    'import weakref\nclass C: pass\nr = None\nc = C()\nr = weakref.ref(c, print)\nimport os\nos.r = r\ndel r\n',
  ),
  left(
    'a dictionary with weak values',
    `${NOISY}import weakref\nd = weakref.WeakValueDictionary()\nd[1] = kept = Noisy("x")\n`,
  ),
  left('a file that is open', 'f = open("/proc/self/fd/1", "w")\nf.write("from the file\\n")\nprint("end")\n'),
  left(
    'a file of its own making',
    'import io\nclass F(io.StringIO):\n    def close(self): print("closed"); super().close()\nf = F()\n',
  ),
  left('a file that was closed', 'with open("out", "w") as f: f.write("x")\nprint(f.closed)\n'),
  left(
    'standard output, opened again',
    'import os, sys\nsys.stdout = os.fdopen(1, "w")\nprint("new")\nprint("old", file=sys.__stdout__)\n',
  ),
  left(
    'standard output of its own making',
    'import sys\nclass S:\n    def write(self, text): sys.__stdout__.write(text.upper())\n    def flush(self): sys.__stdout__.write("flushed\\n")\nsys.stdout = S()\nprint("x")\n',
  ),
  left(
    'a flush of its own making',
    'import sys\nflush = sys.stdout.flush\nsys.stdout.flush = lambda: (sys.stdout.write("flushed\\n"), flush())\nprint("x")\n',
  ),
  left('standard output that is None', 'import sys\nprint("x")\nsys.stdout = None\n'),
  left('standard output that is deleted', 'import sys\nprint("x")\ndel sys.stdout\n'),
  {
    ...left(
      'standard output that is detached',
      'import sys\nprint("x")\nraw = sys.stdout.detach()\nraw.write(b"y\\n")\n',
    ),
    ends: 'exited 120',
  },
  {
    ...left(
      'standard output that fails, with a hook',
      'import os, sys\nsys.unraisablehook = lambda u: os.write(2, f"hook {u.exc_type.__name__}\\n".encode())\nprint("x")\nos.close(1)\n',
    ),
    ends: 'exited 120',
  },
  {
    ...left('standard output that fails, after sys.exit', 'import os, sys\nprint("x")\nos.close(1)\nsys.exit(3)\n'),
    ends: 'exited 120',
  },
  left('unwritten errors', 'import sys\nsys.stderr.write("no end of line")\nsys.stdout.write("nor here")\n'),
  {
    ...left(
      'a hook for exceptions that fails',
      'import sys\ndef hook(*_): raise KeyError("hook")\nsys.excepthook = hook\n1 / 0\n',
    ),
    ends: 'exited 1',
  },
  {
    ...left('a hook for exceptions that exits', 'import sys\nsys.excepthook = lambda *_: sys.exit(6)\n1 / 0\n'),
    ends: 'exited 6',
  },
  left(
    'a trace function',
    'import sys, os\ndef trace(frame, event, arg):\n    os.write(1, f"{event} {frame.f_code.co_name}\\n".encode())\nsys.settrace(trace)\n',
  ),
  left(
    'a profile function',
    'import sys, os\ndef profile(frame, event, arg):\n    os.write(1, f"{event} {frame.f_code.co_name}\\n".encode())\nsys.setprofile(profile)\n',
  ),
  left(
    'a hook for audits',
    'import sys, os\nsys.addaudithook(lambda event, args: os.write(1, f"{event}\\n".encode()))\n',
  ),
  left(
    'a callback that fails',
    'import atexit\natexit.register(print, "first")\natexit.register(lambda: 1 / 0)\nprint("end")\n',
  ),
  {
    ...left(
      'a callback that exits',
      'import atexit, sys\natexit.register(print, "first")\natexit.register(sys.exit, 7)\n',
    ),
  },
  {
    ...left('a callback that ends the process', 'import atexit, os\nprint("lost")\natexit.register(os._exit, 7)\n'),
    ends: 'exited 7',
  },
  left(
    'a callback that registers another',
    'import atexit\natexit.register(lambda: atexit.register(print, "second"))\n',
  ),
  left(
    'a log',
    'import logging, sys\nclass H(logging.StreamHandler):\n    def flush(self): print("flush"); super().flush()\n    def close(self): print("close"); super().close()\nlogging.getLogger().addHandler(H(sys.stdout))\nlogging.warning("x")\n',
  ),
  left(
    'a pool of threads',
    'import concurrent.futures, time\npool = concurrent.futures.ThreadPoolExecutor(3)\nfor n in range(3): pool.submit(lambda n=n: (time.sleep(0.1 + 0.1 * n), print(n)))\nprint("end")\n',
  ),
  left(
    'a thread of the lower kind',
    'import _thread, time\n_thread.start_new_thread(lambda: (time.sleep(60), print("never")), ())\ntime.sleep(0.05)\nprint("end")\n',
  ),
  left(
    'a thread that exits',
    'import threading, time, sys\ndef f(): time.sleep(0.05); print("late"); sys.exit(3)\nthreading.Thread(target=f).start()\nprint("end")\n',
  ),
  left(
    'a child with an end of its own',
    `${NOISY}import os\na = Noisy("a")\npid = os.fork()\nif pid: print(os.waitpid(pid, 0)[1])\nelse: print("child")\n`,
  ),
  {
    ...left(
      'a child that is silent',
      'import os, sys\npid = os.fork()\nif pid: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\nelse:\n    print("child")\n    sys.exit(9)\n',
    ),
  },
  left(
    'children of multiprocessing',
    'import multiprocessing as m, sys\ndef f(n): print("child", n, flush=True); sys.exit(n)\nps = [m.get_context("fork").Process(target=f, args=(n,)) for n in (1, 2)]\nfor p in ps: p.start(); p.join(); print(p.exitcode)\n',
  ),
  left('a folder for a time', 'import tempfile, os\nd = tempfile.TemporaryDirectory()\nprint(os.path.isdir(d.name))\n'),
  left('output of the C library', 'import ctypes\nctypes.CDLL(None).printf(b"from C\\n")\nprint("end", flush=True)\n'),
  left(
    'an end that the program asked for',
    'import ctypes, os\nprint("x")\nprint(ctypes.pythonapi.Py_IsInitialized())\nctypes.pythonapi.Py_Finalize.restype = None\nimport sys\nsys.stdout.flush()\nos.write(1, b"before\\n")\n',
  ),
  left(
    'a database',
    'import sqlite3\nc = sqlite3.connect(":memory:")\nc.create_function("f", 0, lambda: 1)\nprint(c.execute("select f()").fetchall())\n',
  ),
  left(
    'nothing but data',
    'import collections, dataclasses, enum, functools, heapq, itertools, json, math, random, re, string, typing\n@dataclasses.dataclass\nclass P:\n    x: int = 1\nclass E(enum.Enum): A = 1\nkept = [P(n) for n in range(100)], collections.deque([1]), re.compile("a+"), functools.lru_cache(len), itertools.count(), E.A\nprint(kept[0][3], re.match("a", "ab"), json.dumps([1]))\nprint("no end of line", end="")\n',
  ),
  {
    ...left('much data, and an exception', 'kept = [[n] for n in range(200_000)]\nprint(len(kept))\nkept[-1][1]\n'),
    ends: 'exited 1',
  },
];

export const ENDING_PROGRAMS: readonly ComparedProgram[] = LEFT_BEHIND;
