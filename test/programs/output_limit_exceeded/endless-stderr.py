# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: standard error has a limit of its own.
import sys

while True:
    sys.stderr.write("spam\n")
