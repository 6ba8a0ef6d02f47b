# Verdict: wrong_answer
# Outcome: exited 0
# Stdout: ""
# Answer: "3\n"
# Why: what lies in a buffer is lost when a program ends without flushing.
import os, sys

sys.stdout.write("3\n")
os._exit(0)
