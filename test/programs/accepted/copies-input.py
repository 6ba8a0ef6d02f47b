# Verdict: accepted
# Outcome: exited 0
# Stdin: [["0123456789\n", 5000]]
# Stdout: [["0123456789\n", 5000]]
# Why: reads and writes in turn, as much as the limit allows.
import shutil, sys

shutil.copyfileobj(sys.stdin, sys.stdout)
