# Verdict: runtime_error
# Outcome: exited 1
# Stdin: "5 0\n"
# Why: the usual exception.
a, b = map(int, input().split())
print(a // b)
