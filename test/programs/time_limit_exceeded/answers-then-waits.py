# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 1000}
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: a right answer is worth nothing from a program that does not end.
import threading

print(sum(map(int, input().split())), flush=True)
threading.Event().wait()
