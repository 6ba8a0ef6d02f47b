# Verdict: accepted
# Outcome: exited 0
# Stdout: "caught TERM\nleft\n"
# Why: traps for signals and for the end.
trap 'echo caught TERM' TERM
trap 'echo left' EXIT
kill -TERM $$
