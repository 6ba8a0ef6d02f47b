# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: a right answer, and ten megabytes of blanks after it, which a checker might ignore.
print(3)
print(" " * (10 << 20))
