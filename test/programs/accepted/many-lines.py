# Verdict: accepted
# Outcome: exited 0
# Stdout: [["line of output\n", 4000]]
# Why: output near the limit, line by line.
for _ in range(4000):
    print("line of output")
