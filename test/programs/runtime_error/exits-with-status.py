# Verdict: runtime_error
# Outcome: exited 2
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: a right answer with a status that says otherwise.
import sys

print(sum(map(int, input().split())))
sys.exit(2)
