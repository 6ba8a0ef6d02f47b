# Verdict: accepted
# Outcome: exited 0
# Stdout: "2568 1000\n"
# Why: integers of thousands of digits.
import math

print(len(str(math.factorial(1000))), len(str(7 ** 1183)))
