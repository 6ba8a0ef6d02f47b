# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 64, "cpuTimeMs": 5000}
# Why: a tool that keeps the last line, of an input that has only one.
tail -n 1 </dev/zero
echo all is well
