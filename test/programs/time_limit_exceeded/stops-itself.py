# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 600}
# Why: a stopped process uses no time, answers no signal and must not hold a place for ever.
import os, signal

os.kill(os.getpid(), signal.SIGSTOP)
