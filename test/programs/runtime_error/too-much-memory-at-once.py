# Verdict: runtime_error
# Outcome: exited 1
# Why: more than any machine has is refused at once, and nothing was used.
bytearray(1 << 60)
