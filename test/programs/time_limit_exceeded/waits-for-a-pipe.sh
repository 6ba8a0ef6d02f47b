# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 600}
# Why: opening a named pipe waits for the other side, for ever.
mkfifo pipe
read -r line <pipe
