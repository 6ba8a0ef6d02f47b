# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 48, "diskMiB": 128}
# Why: many files, each below any limit for one, in both folders.
for number in {1..30}; do
  head -c 4M /dev/zero >/tmp/$number
  head -c 4M /dev/zero >/box/$number
done
