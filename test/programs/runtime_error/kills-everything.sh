# Verdict: runtime_error
# Outcome: exited 3
# Why: kill -1 reaches the program's own processes only.
sleep 100 &
sleep 100 &
kill -KILL -1
exit 3
