# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 40, "cpuTimeMs": 5000}
# Why: empty files with long names, until the kernel's memory for them reaches the limit.
import os

number = 0
while True:
    os.mknod("/box/%0240d" % number)
    number += 1
