# Verdict: runtime_error
# Outcome: exited 1
# Stdin: "1\n"
# Why: reads a line more than there is.
print(int(input()) + int(input()))
