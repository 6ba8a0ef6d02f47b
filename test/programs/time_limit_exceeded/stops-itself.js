// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 600}
// Why: all threads of a stopped process stand still.
process.kill(process.pid, 'SIGSTOP');
