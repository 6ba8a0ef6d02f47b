/** Programs that use what there is, up to a limit, and say where it was: they must say the same both ways. */
export const COUNTS: readonly { readonly what: string; readonly script: string }[] = [
  {
    what: 'open files',
    script:
      'import os\nopened = []\ntry:\n    while True: opened.append(os.dup(0))\nexcept OSError as error: print(len(opened), error)\n',
  },
  {
    what: 'processes',
    script:
      'import os, signal\nchildren = []\ntry:\n    while True:\n        pid = os.fork()\n        if pid == 0: signal.pause()\n        children.append(pid)\nexcept OSError as error: print(len(children), error)\n',
  },
  {
    what: 'threads',
    script:
      'import threading, os\nstarted, gate = 0, threading.Event()\ntry:\n    while True: threading.Thread(target=gate.wait, daemon=True).start(); started += 1\nexcept RuntimeError as error: print(started, error, flush=True)\nos._exit(0)\n',
  },
  ...['/box', '/tmp', '/dev/shm'].map((folder) => ({
    what: `bytes in ${folder}`,
    script: `import os\nsize = 0\nwith open("${folder}/full", "wb", buffering=0) as full:\n    try:\n        while True: size += full.write(bytes(4096))\n    except OSError as error: print(size, error)\n`,
  })),
  {
    what: 'the size of a file',
    script:
      'import signal\nwith open("/tmp/sparse", "wb") as sparse:\n    for size in (1 << 20, 8 << 20, 9 << 20, (9 << 20) + 1, 1 << 40):\n        try: print(size, sparse.truncate(size))\n        except OSError as error: print(error)\n',
  },
  {
    what: 'locked memory',
    script:
      'import ctypes, mmap\nlibc = ctypes.CDLL(None, use_errno=True)\nmap = mmap.mmap(-1, 1 << 20)\nfor size in (32 << 10, 64 << 10, 128 << 10):\n    address = ctypes.addressof(ctypes.c_char.from_buffer(map))\n    print(size, libc.mlock(ctypes.c_void_p(address), ctypes.c_size_t(size)), ctypes.get_errno())\n    libc.munlock(ctypes.c_void_p(address), ctypes.c_size_t(size))\n',
  },
  {
    what: 'message queues',
    script:
      'import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.mq_open(b"/queue", os.O_CREAT | os.O_RDWR, 0o600, None), ctypes.get_errno())\n',
  },
  {
    what: 'what cannot be raised',
    script:
      'import resource\nfor name in sorted(name for name in dir(resource) if name.startswith("RLIMIT_")):\n    which = getattr(resource, name); soft, hard = resource.getrlimit(which)\n    if hard == resource.RLIM_INFINITY: continue\n    try: resource.setrlimit(which, (hard + 1, hard + 1)); print(name, "raised")\n    except (ValueError, OSError) as error: print(name, hard, error)\n',
  },
];

/** Tries to get at the processes above it, and to become more than it is: prints what it could do, which is nothing. */
export const REACH_UP = `
import ctypes, errno, os, signal
libc = ctypes.CDLL(None, use_errno=True)
done = []

def attempt(what, action):
    ctypes.set_errno(0)
    try: result = action()
    except (OSError, PermissionError): return
    if result is None or result != -1: done.append(what)

def call(*arguments):
    return libc.syscall(*[ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments])

room = ctypes.create_string_buffer(64)
class Part(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
mine = Part(ctypes.addressof(room), 8)
for pid in {1, os.getppid()}:
    for name in ("mem", "environ", "maps", "cmdline", "status", "stat", "fd/0", "root/box", "ns/mnt", "task/1/mem"):
        attempt(f"read {pid}/{name}", lambda: open(f"/proc/{pid}/{name}", "rb").read(1))
    attempt(f"write {pid}/mem", lambda: open(f"/proc/{pid}/mem", "wb"))
    attempt(f"list {pid}", lambda: os.listdir(f"/proc/{pid}"))
    attempt(f"attach {pid}", lambda: libc.ptrace(16, pid, None, None))
    attempt(f"seize {pid}", lambda: libc.ptrace(0x4206, pid, None, None))
    attempt(f"read memory {pid}", lambda: libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(mine), 1, 0))
    attempt(f"write memory {pid}", lambda: libc.process_vm_writev(pid, ctypes.byref(mine), 1, ctypes.byref(mine), 1, 0))
    attempt(f"limit {pid}", lambda: libc.prlimit(pid, 7, None, room))
    if hasattr(os, "pidfd_open"):
        def steal():
            descriptor = os.pidfd_open(pid)
            return max(call(438, descriptor, number, 0) for number in range(8))
        attempt(f"take descriptors of {pid}", steal)
attempt("trace me", lambda: libc.ptrace(0, 0, None, None))
for number in range(3, 64):
    attempt(f"use descriptor {number}", lambda: os.write(number, b"0"))
for name, flags in (("user", 0x10000000), ("mount", 0x20000), ("process", 0x20000000), ("network", 0x40000000)):
    attempt(f"new {name} namespace", lambda: libc.unshare(flags))
attempt("mount", lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None))
attempt("unmount", lambda: libc.umount2(b"/box", 2))
attempt("be root", lambda: os.setuid(0))
attempt("change the host name", lambda: libc.sethostname(b"x", 1))
attempt("have a capability", lambda: call(126, ctypes.byref(ctypes.create_string_buffer(b"\\x22\\x05\\x08\\x20" + bytes(4))), ctypes.byref(ctypes.create_string_buffer(b"\\xff" * 24))))
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/usr/x", "/grader/x", "/run/x", "/x"):
    attempt(f"write {path}", lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)))
status = dict(line.rstrip("\\n").split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
for name, expected in {**dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), "0" * 16), "NoNewPrivs": "1", "Seccomp": "2"}.items():
    if status[name] != expected: done.append(f"{name} {status[name]}")
# Last, because it may end us: the first process must neither die nor stop.
for number in signal.valid_signals():
    for pid in {1, os.getppid()}:
        try: os.kill(pid, number)
        except OSError: pass
print(done)
`;
