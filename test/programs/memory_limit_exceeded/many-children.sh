# Verdict: memory_limit_exceeded
# Outcome: memory_limit
# Needs: cgroup
# Limits: {"memoryMiB": 64}
# Why: a pipeline of which each part is small.
for number in 1 2 3 4 5 6 7 8; do
  { dd if=/dev/zero bs=16M count=1 iflag=fullblock 2>/dev/null; sleep 1; } | tail -c 16M | wc -c >/dev/null &
done
wait
echo all is well
