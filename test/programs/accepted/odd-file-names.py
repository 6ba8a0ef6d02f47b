# Verdict: accepted
# Outcome: exited 0
# Stdout: "['-rf', '..x', '.hidden', 'a b', 'main.py', '~', '£ñ漢😀']\n"
# Files: {"a b/c  d.txt": "x", "-rf": "x", "~": "x", "..x": "x", ".hidden": "x", "£ñ漢😀": "x"}
# Why: names that a shell would take for something else.
import os

print(sorted(os.listdir("."), key=lambda name: name.encode()))
