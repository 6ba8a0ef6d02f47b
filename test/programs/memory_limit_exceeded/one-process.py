# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Why: a list without end.
held = []
while True:
    held.append(bytearray(1 << 20))
