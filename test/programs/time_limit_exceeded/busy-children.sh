# Verdict: time_limit_exceeded
# Outcome: cpu_limit
# Needs: cgroup
# Limits: {"cpuTimeMs": 200}
# Why: short-lived commands, of which none comes near the limit.
while :; do /bin/true; done
