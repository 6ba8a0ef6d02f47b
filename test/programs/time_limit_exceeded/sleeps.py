# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 600}
# Why: uses no CPU time and never ends.
import time

print("right answer", flush=True)
time.sleep(10_000)
