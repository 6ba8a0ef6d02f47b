# Verdict: time_limit_exceeded
# Outcome: wall_limit
# Limits: {"wallTimeMs": 600}
# Why: a shell that stops itself and waits for a continuation.
kill -STOP $$
echo continued
