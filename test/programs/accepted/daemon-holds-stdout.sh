# Verdict: accepted
# Outcome: exited 0
# Stdout: "done\n"
# Why: a process in its own session holds standard output; the result must not wait for it.
setsid sleep 1000 &
echo done
