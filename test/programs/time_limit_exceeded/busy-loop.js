// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 300}
// Why: a loop without end; the event loop is never reached.
setTimeout(() => process.exit(0), 1);
for (let turn = 0; ; turn += 1);
