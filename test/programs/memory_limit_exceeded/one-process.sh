# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 64, "cpuTimeMs": 5000}
# Why: a variable that doubles with each turn.
text=0123456789abcdef
while :; do text=$text$text; done
