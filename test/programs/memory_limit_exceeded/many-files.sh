# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 24, "cpuTimeMs": 8000, "diskMiB": 64}
# Why: empty files with long names, until the kernel's memory for them reaches the limit.
name=$(printf 'x%.0s' {1..230})
for ((number = 0; ; number++)); do : >"/tmp/$name$number"; done
