# Verdict: wrong_answer
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: ""
# Answer: "3\n"
# Why: the right answer on the wrong stream.
import sys

print(sum(map(int, input().split())), file=sys.stderr)
