# Verdict: runtime_error
# Outcome: exited 1
# Stdin: "three\n"
# Why: an input that the program did not expect.
print(int(input()))
