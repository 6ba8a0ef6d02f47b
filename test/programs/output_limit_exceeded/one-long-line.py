# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: a line of a mebibyte.
print("x" * (1 << 20))
