# Verdict: accepted
# Outcome: exited 0
# Stdin: "never read\n"
# Stdout: "done\n"
# Why: a program need not read what it is given.
print("done")
