# Verdict: accepted
# Outcome: exited 0
# Stdin: [["0123456789\n", 5000]]
# Stdout: [["0123456789\n", 5000]]
# Why: what `cat` does.
exec cat
