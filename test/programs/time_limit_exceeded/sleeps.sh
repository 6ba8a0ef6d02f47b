# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 600}
# Why: the sleeper is a child of the shell.
sleep infinity
