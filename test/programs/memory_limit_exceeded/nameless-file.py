# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 64}
# Why: a file of memory has no place in any file system, and no limit of the disk holds for it.
import os

files = []
while True:
    files.append(os.memfd_create("x"))
    os.write(files[-1], b"x" * (8 << 20))
