// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 300}
// Why: polite signals have handlers that are never reached.
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU', 'SIGALRM']) process.on(name, () => {});
for (;;);
