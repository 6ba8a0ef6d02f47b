# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Limits: {"cpuTimeMs": 200}
# Why: a loop without end.
while true; do count=$((count + 1)); done
