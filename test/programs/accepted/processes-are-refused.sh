# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the limit of processes refuses one more, and those that end make room again.
count() { set -- /proc/[0-9]*; echo $#; }
for _ in {1..40}; do sleep 100 & done 2>/dev/null
before=$(count)
kill -9 $(jobs -p) 2>/dev/null
wait 2>/dev/null
for _ in {1..40}; do sleep 100 & done 2>/dev/null
after=$(count)
kill -9 $(jobs -p) 2>/dev/null
[ "$before" -gt 40 ] && [ "$after" -gt 40 ] && echo contained
