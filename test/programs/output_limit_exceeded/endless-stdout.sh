# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: the writer is not the program itself.
yes spam
