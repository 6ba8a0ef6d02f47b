# Verdict: accepted
# Outcome: exited 0
# Stdin: [["17 4\n", 20000]]
# Stdout: "420000\n"
# Why: much input, line by line.
import sys

total = 0
for line in sys.stdin:
    total += sum(map(int, line.split()))
print(total)
