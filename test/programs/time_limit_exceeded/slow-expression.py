# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Limits: {"cpuTimeMs": 200}
# Why: a regular expression that tries all ways; no signal handler runs meanwhile.
import re, signal

signal.signal(signal.SIGXCPU, lambda number, frame: None)
print(re.match("(a+)+b", "a" * 40))
