# Verdict: accepted
# Outcome: exited 0
# Stdout: "done\n"
# Why: jobs that ignore the polite signals and start others, left behind by the shell.
for _ in 1 2 3 4; do
  (
    trap '' HUP INT TERM QUIT
    while :; do sleep 600; done
  ) &
done
disown -a
echo done
