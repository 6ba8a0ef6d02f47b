# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: right, and then never stops.
import sys

while True:
    sys.stdout.write("spam\n")
