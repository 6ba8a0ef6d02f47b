# Verdict: accepted
# Outcome: exited 0
# Stdout: "True 3\n"
# Why: the hash seed is fixed, so that a set has the same order in every run; and a dictionary keeps its own.
import subprocess, sys

code = "print({'apple', 'banana', 'cherry', 'fig', 'pear'})"
orders = {subprocess.run([sys.executable, "-c", code], capture_output=True).stdout for _ in range(2)}
print(len(orders) == 1, len(dict.fromkeys("banana")))
