# Verdict: time_limit_exceeded
# Outcome: cpu_limit wall_limit
# Limits: {"cpuTimeMs": 300, "wallTimeMs": 1000}
# Why: every process forks again, in a session of its own; refused ones wait a little and try again.
import os, time

while True:
    try:
        if os.fork() == 0:
            os.setsid()
    except OSError:
        time.sleep(0.005)
