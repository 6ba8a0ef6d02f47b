# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Limits: {"cpuTimeMs": 200}
# Why: ignores the signal of the CPU limit.
import signal

signal.signal(signal.SIGXCPU, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    pass
