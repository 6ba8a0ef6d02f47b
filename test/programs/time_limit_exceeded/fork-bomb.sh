# Verdict: time_limit_exceeded
# Outcome: cpu_limit wall_limit
# Limits: {"cpuTimeMs": 300, "wallTimeMs": 1000}
# Why: the number of processes is limited; those that there are go on for ever.
bomb() { bomb | bomb & }
bomb
while :; do sleep 1; done
