# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Limits: {"cpuTimeMs": 200}
# Why: traps of all polite signals do nothing.
trap '' TERM INT HUP XCPU ALRM QUIT USR1 USR2
while :; do :; done
