// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 800}
// Why: an open timer keeps the program alive.
setInterval(() => {}, 1_000_000);
