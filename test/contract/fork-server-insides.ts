import type { ComparedProgram } from './fork-server-programs.js';

/** What a program can see of its interpreter and of its process. */
const STATE: readonly ComparedProgram[] = [
  {
    name: 'the arguments',
    script: 'import sys\nprint(len(sys.argv), ascii(sys.argv), ascii(getattr(sys, "orig_argv", None)))\n',
    args: ['one', '', ' two  words ', '-x', '--', 'ü€𝄞', '\ufffd\uffff', 'a\nb', '*', '"', 'x'.repeat(10_000)],
  },
  {
    name: 'no arguments',
    script: 'import sys\nprint(sys.argv, sys.orig_argv, open("/proc/self/cmdline", "rb").read())\n',
  },
  {
    name: 'the command line of the process',
    script: 'print(open("/proc/self/cmdline", "rb").read())\n',
    args: ['one', 'two words', ''],
  },
  {
    name: 'the environment',
    script:
      'import os, subprocess, ctypes, sys\nprint(os.environ, os.environb, open("/proc/self/environ", "rb").read())\ngetenv = ctypes.CDLL(None).getenv; getenv.restype = ctypes.c_char_p\nprint([getenv(name.encode()) for name in ("PATH", "PYTHONPATH", "PYTHONHASHSEED", "ASSAY_KEEP_NAMESPACES")])\nsys.stdout.flush(); subprocess.run(["/usr/bin/env"]); subprocess.run(["/usr/bin/env"], env={})\n',
  },
  {
    name: 'where modules are looked for',
    script:
      'import sys, site, os\nprint(sys.path, list(sys.path_importer_cache), sys.path_hooks.__len__(), sys.meta_path)\nprint(site.ENABLE_USER_SITE, site.getsitepackages(), os.getcwd(), sys.prefix, sys.exec_prefix, sys.executable)\nprint([(path, sorted(vars(finder or 1) if finder else [])) for path, finder in sys.path_importer_cache.items()])\n',
  },
  {
    name: 'which modules are loaded',
    script:
      'import sys\nprint(list(sys.modules))\nprint([(name, list(vars(module))) for name, module in sys.modules.items()])\nprint(sys.builtin_module_names == tuple(sorted(sys.builtin_module_names)))\n',
  },
  {
    name: 'which modules others load',
    script:
      'import sys\nbefore = set(sys.modules)\nimport json, re, collections, threading, ctypes, subprocess, struct, random\nprint([name for name in sys.modules if name not in before])\ntry: import sitecustomize\nexcept ImportError as error: print(repr(error), error.name, error.path)\ntry: import usercustomize\nexcept ImportError as error: print(repr(error), error.name, error.path)\n',
  },
  {
    name: 'settings of the interpreter',
    script:
      'import sys, gc\nprint(sys.flags, sys.version, sys.implementation, sys.hash_info, sys.float_info, sys.thread_info)\nprint(sys._xoptions, sys.warnoptions, sys.dont_write_bytecode, sys.pycache_prefix, sys.getswitchinterval(), sys.gettrace(), sys.getprofile())\nprint(gc.get_threshold(), gc.isenabled(), gc.get_debug(), gc.callbacks, gc.garbage, sys.exc_info(), hasattr(sys, "last_type"))\nprint(sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.getdefaultencoding(), sys.platform, list(vars(sys)))\nprint(sys.get_int_max_str_digits(), sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth())\n',
  },
  {
    name: 'the main module',
    script:
      'import sys, types\nmain = sys.modules["__main__"]\nprint(vars() is vars(main), list(vars(main)), __name__, __file__, __spec__, __package__, __doc__, __builtins__, __annotations__, ascii(main))\nprint(type(__loader__), vars(__loader__), __loader__.get_source("__main__")[:12], list(vars(__builtins__)))\nimport __main__; print(__main__ is main, type(main), [m for m in sys.modules.values() if getattr(m, "__name__", "") == "__main__"] == [main])\n',
  },
  {
    name: 'the process',
    script: `
import os, threading
print(os.getpid(), os.getppid(), os.getpgrp(), os.getsid(0), os.getuid(), os.getgid(), os.getgroups(), os.getlogin if 0 else "")
print(threading.get_native_id(), threading.main_thread().native_id, threading.active_count(), threading.current_thread().name)
print(threading.get_ident() == threading.main_thread().ident, threading.stack_size(), os.sched_getaffinity(0), os.nice(0), os.umask(0o77))
print(open("/proc/self/comm").read(), os.readlink("/proc/self/exe"), os.listdir("/proc/self/task"), os.listdir("/proc/self/fd"))
print(sorted(name for name in os.listdir("/proc") if name.isdigit()), open("/proc/self/oom_score_adj").read())
skipped = ("Vm", "Rss", "voluntary", "nonvoluntary", "HugetlbPages", "Cpus", "Mems")
print([line for line in open("/proc/self/status") if not line.startswith(skipped)])
print([line.split()[3:6] for line in open("/proc/self/mountinfo")], open("/proc/self/coredump_filter").read(), open("/proc/self/timerslack_ns").read())
print(open("/proc/self/limits").read(), open("/proc/self/personality").read(), open("/proc/self/loginuid").read())
print(sorted(os.listdir("/")), sorted(os.listdir("/box")), os.listdir("/tmp"), os.listdir("/run"), os.listdir("/grader"))
fields = open("/proc/self/stat").read().split()
print(fields[:8], fields[16:21], fields[37])
`,
  },
  {
    name: 'what memory says of the process',
    script:
      'import re\nprint({line.split()[-1] for line in open("/proc/self/maps") if "[" in line and "vvar" not in line} == {"[heap]", "[stack]", "[vdso]", "[vsyscall]"})\nlines = open("/proc/self/smaps").read()\nprint("VmLck" in open("/proc/self/status").read(), re.findall("Locked: *([1-9][0-9]*)", lines))\nprint([line for line in open("/proc/self/status") if line.startswith(("VmLck", "VmPin", "VmSwap"))])\n',
  },
  {
    name: 'the resource limits',
    script:
      'import resource, subprocess, sys\nprint([(name, resource.getrlimit(getattr(resource, name))) for name in dir(resource) if name.startswith("RLIMIT_")])\nsys.stdout.flush(); subprocess.run(["/bin/sh", "-c", "ulimit -a; ulimit -Ha"])\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_nvcsw >= 0, resource.getrusage(resource.RUSAGE_SELF).ru_utime < 1)\n',
  },
  {
    name: 'locale and encodings',
    script:
      'import locale, codecs, sys, time\nprint(locale.setlocale(locale.LC_ALL, None), locale.getlocale(), locale.getpreferredencoding(), locale.localeconv())\nprint(codecs.lookup("utf-8"), "é".encode("cp1252"), codecs.lookup_error("surrogateescape"), time.tzname, time.strftime("%x %A", (2024, 2, 3, 4, 5, 6, 5, 34, 0)))\n',
  },
  {
    name: 'hashes and orders of sets',
    script:
      'print(hash("text"), hash(b"bytes"), hash((1, "a")), hash(1.5), {"b", "a", "c", "ü", 10, 7.5}, frozenset("the quick brown fox"))\nprint(list(set(map(str, range(30)))))\n',
  },
  {
    name: 'the cleared state of times',
    script:
      'import time, os\nprint(time.process_time() < 5, time.thread_time() < 5, time.monotonic() > 0, time.time() > 1.5e9, os.times().user < 5, time.perf_counter() > 0)\n',
  },
];

/** Parts of the library that look at how the program was started, or start others. */
const LIBRARY: readonly ComparedProgram[] = [
  {
    name: 'ctypes',
    script: `
import ctypes, ctypes.util, sys, array
print(ctypes.sizeof(ctypes.c_long), ctypes.c_int(5), ctypes.POINTER(ctypes.c_int), ctypes.CDLL(None).abs(-4), ctypes._pointer_type_cache.keys())
class P(ctypes.Structure): _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_double)]
p = P(1, 2.5); print(p.x, p.y, ctypes.sizeof(P), bytes(p)[:4])
callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
numbers = (ctypes.c_int * 5)(5, 3, 1, 4, 2)
ctypes.CDLL(None).qsort(numbers, 5, 4, callback(lambda a, b: a[0] - b[0])); print(list(numbers))
ctypes.set_errno(7); print(ctypes.get_errno(), ctypes.pythonapi.Py_GetRefcount if hasattr(ctypes.pythonapi, "Py_GetRefcount") else "")
print([name for name in vars(ctypes)], isinstance(ctypes.c_char_p(b"a"), ctypes._SimpleCData), ctypes.py_object(p).value is p)
`,
  },
  {
    name: 'multiprocessing by fork',
    script:
      'import multiprocessing as m\ndef f(x): return x * x, __name__\nif __name__ == "__main__":\n    m.set_start_method("fork")\n    with m.Pool(2) as pool: print(pool.map(f, range(5)))\n    q = m.Queue(); p = m.Process(target=q.put, args=("hi",)); p.start(); print(q.get()); p.join(); print(p.exitcode)\n',
  },
  {
    name: 'multiprocessing by spawn',
    script:
      'import multiprocessing as m, sys\nprint("loaded", __name__, flush=True)\ndef f(x): return x * x, __name__, sys.argv\nif __name__ == "__main__":\n    m.set_start_method("spawn")\n    with m.Pool(1) as pool: print(pool.map(f, range(3)))\n',
    args: ['given'],
  },
  {
    name: 'multiprocessing by a fork server',
    script:
      'import multiprocessing as m\ndef f(x): return x + 1\nif __name__ == "__main__":\n    m.set_start_method("forkserver")\n    with m.Pool(1) as pool: print(pool.map(f, range(3)))\n',
  },
  {
    name: 'processes of the same interpreter',
    script:
      'import subprocess, sys, os\nprint(subprocess.run([sys.executable, "-c", "import sys, os; print(sys.path, sys.argv, sorted(os.environ), sys.flags.no_user_site); sys.exit(3)", "a"], capture_output=True))\nprint(subprocess._args_from_interpreter_flags(), subprocess.getoutput("cat; echo $PPID $$"), os.system("exit 2"))\npid = os.fork()\nif pid == 0: print("child"); sys.exit(6)\nprint(os.waitpid(pid, 0))\nos.execv(sys.executable, [sys.executable, "-c", "import sys; print(sys.argv, sys.path)", "after"])\n',
    stdin: 'input',
  },
  {
    name: 'arguments that are not UTF-8',
    script:
      'import os, sys\nif len(sys.argv) == 1:\n    sys.stdout.flush(); os.execv(sys.executable, [b"python", b"main.py", b"\\xff\\xfe", b"ok\\x80", b"\\xed\\xa0\\x80", b"\\xf5\\x80\\x80\\x80"])\nprint(ascii(sys.argv), [os.fsencode(a) for a in sys.argv])\n',
  },
  {
    name: 'threads',
    script:
      'import threading, queue, concurrent.futures, _thread\nresults = []\ndef work(n): results.append((n, threading.current_thread().name, threading.current_thread() is threading.main_thread()))\nthreads = [threading.Thread(target=work, args=(n,)) for n in range(4)]\n[t.start() for t in threads]; [t.join() for t in threads]\nprint(sorted(results), threading.main_thread().name, _thread._count())\nwith concurrent.futures.ThreadPoolExecutor(2) as pool: print(list(pool.map(len, ["a", "bb"])))\nlocal = threading.local(); local.x = 1; print(vars(local))\n',
  },
  {
    name: 'depth in a thread',
    script:
      'import sys, threading\nsys.setrecursionlimit(50000)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\nclass C:\n    def __init__(self, n): self.n = n\n    def __add__(self, other): return 0 if self.n == 0 else C(self.n - 1) + 1\nthreading.stack_size(256 << 20)\nt = threading.Thread(target=lambda: print(f(40000), C(10000) + 1)); t.start(); t.join()\nprint(f(40000), C(20000) + 1)\n',
  },
  {
    name: 'asyncio',
    script:
      'import asyncio, signal, sys\nasync def f(n):\n    await asyncio.sleep(0.01 * n); return n\nasync def main():\n    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, print, "signal")\n    signal.raise_signal(signal.SIGUSR1)\n    print(await asyncio.gather(*(f(n) for n in range(4))))\n    p = await asyncio.create_subprocess_exec("/bin/echo", "sub", stdout=asyncio.subprocess.PIPE); print(await p.communicate())\n    raise KeyError("end")\nasyncio.run(main())\n',
    ends: 'exited 1',
  },
  {
    name: 'unittest.main',
    script:
      'import io, re, sys, unittest\nclass T(unittest.TestCase):\n    def test_good(self): self.assertEqual(1, 1)\n    def test_bad(self): self.assertEqual(1, 2)\n    def test_error(self): 1 / 0\n    @unittest.skip("why")\n    def test_skipped(self): pass\nif __name__ == "__main__":\n    text = io.StringIO()\n    try: unittest.main(testRunner=unittest.TextTestRunner(stream=text, verbosity=2))\n    finally: print(re.sub(r"in [0-9.]+s", "", text.getvalue()))\n',
    ends: 'exited 1',
  },
  {
    name: 'pickle, copy, dataclasses and inspect',
    script:
      'import copy, dataclasses, enum, functools, inspect, pickle, pickletools, typing\n@dataclasses.dataclass(order=True)\nclass P:\n    """A point."""\n    x: int\n    y: "list[int]" = dataclasses.field(default_factory=list)\nclass E(enum.Enum): A = 1\ndata = pickle.dumps([P(1), E.A]); print(data); print(pickle.loads(data), copy.deepcopy(P(2, [3])))\nprint(inspect.getsource(P), inspect.getfile(P), inspect.getmodule(P), typing.get_type_hints(P), inspect.signature(P))\ntry: pickle.dumps(lambda: 1)\nexcept Exception as error: print(error)\n@functools.lru_cache\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nprint(f(80), f.cache_info())\n',
  },
  {
    name: 'decimal, fractions, statistics and contexts',
    script:
      'import contextvars, decimal, fractions, math, statistics\nprint(decimal.getcontext(), decimal.Decimal(1) / 7, fractions.Fraction(3, 9), math.pi, statistics.median([3, 1, 2]), list(contextvars.copy_context()), 2 ** 200, 10 ** 50 // 7)\ndecimal.getcontext().prec = 5; print(decimal.Decimal(1) / 7)\ndecimal.Decimal(1) / 0\n',
    ends: 'exited 1',
  },
  {
    name: 'seeded random numbers',
    script:
      'import random\nrandom.seed(42); print(random.random(), random.sample(range(100), 5), random.Random("text").random())\n',
  },
  {
    name: 'files, imports and packages',
    script:
      'import importlib, os, pkgutil, runpy, sys, tempfile, zipfile\nimport pack.inner, helper\nprint(pack.inner.value, helper.__file__, helper.__cached__, os.path.exists("__pycache__"), pack.__path__)\nopen("late.py", "w").write("x = 1"); importlib.invalidate_caches(); import late; print(late.x)\nprint(runpy.run_path("helper.py")["__name__"], [m.name for m in pkgutil.iter_modules(["."])], tempfile.gettempdir())\nzipfile.ZipFile("z.zip", "w").writestr("inzip.py", "y = 2"); sys.path.insert(0, "z.zip"); import inzip; print(inzip.y, inzip.__file__)\n',
    files: { 'helper.py': '', 'pack/__init__.py': '', 'pack/inner.py': 'value = 5\n' },
  },
  {
    name: 'what looks at the whole start',
    script:
      'import atexit, logging, pdb, platform, signal, sqlite3, ssl, sysconfig, time, timeit, builtins, codeop, pydoc, argparse\nlogging.warning("logged"); print(platform.python_version(), sysconfig.get_path("stdlib"), sorted(vars(builtins)) == dir(builtins), builtins.exit, atexit._ncallbacks())\nargparse.ArgumentParser().parse_args()\n',
    args: ['--wrong'],
    ends: 'exited 2',
  },
  {
    name: 'a program in several steps of frames',
    script:
      'import sys\ndef depth():\n    frame, names = sys._getframe(), []\n    while frame: names.append((frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno)); frame = frame.f_back\n    return names\nprint(depth(), len(sys._current_frames()))\nexec(compile("print(depth())", "<made>", "exec")); print(eval("depth()")[:1])\n',
  },
];

export const INSIDE_PROGRAMS: readonly ComparedProgram[] = [...STATE, ...LIBRARY];
