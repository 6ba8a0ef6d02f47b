# Verdict: wrong_answer
# Outcome: exited 0
# Stdout: "1\r\n2\r\n"
# Answer: "1\n2\n"
# Why: line ends of another system.
import sys

sys.stdout.reconfigure(newline="\r\n")
print(1)
print(2)
