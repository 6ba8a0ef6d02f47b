# Verdict: runtime_error
# Outcome: exited 1
# Why: an interpreted program fails when it runs; nothing before the mistake is done.
print(3)
def broken(:
    pass
