// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 800}
// Why: the only thread waits for a word that nobody else can change.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
