# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Why: no process uses much, and the first one ends with status 0 whatever becomes of the others.
import os, time

children = []
for _ in range(12):
    pid = os.fork()
    if pid == 0:
        held = bytearray(b"x") * (64 << 20)
        time.sleep(0.5)
        os._exit(len(held) & 1)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
print("all is well")
