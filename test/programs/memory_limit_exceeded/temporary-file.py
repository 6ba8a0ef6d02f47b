# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 48, "diskMiB": 128}
# Why: the file system lies in memory, and what is written there counts as the program's.
with open("/tmp/big", "wb") as file:
    for _ in range(120):
        file.write(b"x" * (1 << 20))
print("all is well")
