# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 800}
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: the answer, all streams closed, and then nothing more.
read -r a b
echo $((a + b))
exec <&- >&- 2>&-
while :; do sleep 100; done
