# Verdict: runtime_error
# Outcome: exited 1
# Why: the interpreter has a limit of its own.
def dive(depth):
    return dive(depth + 1)

dive(0)
