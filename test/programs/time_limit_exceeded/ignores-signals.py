# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Limits: {"cpuTimeMs": 200}
# Why: polite signals are ignored.
import signal

for number in (signal.SIGXCPU, signal.SIGTERM, signal.SIGALRM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True:
    pass
