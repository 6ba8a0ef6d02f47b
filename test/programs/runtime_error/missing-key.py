# Verdict: runtime_error
# Outcome: exited 1
# Stdin: "banana\n"
# Why: a dictionary without that key.
print({"apple": 1}[input()])
