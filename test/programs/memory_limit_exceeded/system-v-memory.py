# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 64}
# Why: System V segments outlive the process that filled them.
import ctypes, os

libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(40):
    if os.fork() == 0:
        segment = libc.shmget(0, 8 << 20, 0o1600)
        ctypes.memset(libc.shmat(segment, None, 0), 1, 8 << 20)
        os._exit(0)
    os.wait()
print("all is well")
