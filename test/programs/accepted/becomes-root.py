# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: users, groups, namespaces, mounts and priorities, by the interpreter's own calls and by those of the C library.
import ctypes, os

libc = ctypes.CDLL(None)
worked = []

def attempt(name, action):
    try:
        if (action() or 0) >= 0:
            worked.append(name)
    except OSError:
        pass

attempt("setuid", lambda: os.setuid(0))
attempt("setgid", lambda: os.setgid(0))
attempt("setgroups", lambda: os.setgroups([0]))
attempt("setresuid", lambda: os.setresuid(0, 0, 0))
attempt("chroot", lambda: os.chroot("/tmp"))
attempt("mount", lambda: libc.mount(b"t", b"/tmp", b"tmpfs", 0, None))
attempt("bind", lambda: libc.mount(b"/", b"/tmp", None, 4096, None))
attempt("umount", lambda: libc.umount2(b"/tmp", 2))
attempt("unshare", lambda: libc.unshare(0x10000000))
attempt("new mounts", lambda: libc.unshare(0x00020000))
attempt("ptrace", lambda: libc.ptrace(16, 1, 0, 0))
attempt("nice", lambda: os.nice(-5) and -1)
attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10)))
attempt("uid map", lambda: os.open("/proc/self/uid_map", os.O_WRONLY) and os.write(3, b"0 0 1"))
attempt("chown", lambda: os.chown("/box", 0, 0))
attempt("parent's memory", lambda: os.open("/proc/1/mem", os.O_RDWR))
os.umask(0)
with open("/tmp/sh", "wb") as copy:
    copy.write(open("/bin/sh", "rb").read())
os.chmod("/tmp/sh", 0o6755)
if os.waitstatus_to_exitcode(os.system("exec /tmp/sh -p -c 'test $(id -u) = 0'")) == 0:
    worked.append("setuid program")
print("contained" if not worked else worked)
