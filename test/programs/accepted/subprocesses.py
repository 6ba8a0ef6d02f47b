# Verdict: accepted
# Outcome: exited 0
# Stdin: "banana\napple\ncherry\n"
# Stdout: "apple banana cherry 3\n"
# Why: other programs of the machine, with pipes, and another interpreter.
import subprocess, sys

text = sys.stdin.read()
words = subprocess.run(["sort"], input=text, capture_output=True, text=True, check=True).stdout.split()
code = "import sys; print(len(sys.stdin.read().split()))"
count = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True).stdout.strip()
print(*words, count)
