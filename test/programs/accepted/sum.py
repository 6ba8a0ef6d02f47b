# Verdict: accepted
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: the plain case.
print(sum(map(int, input().split())))
