// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 300}
// Why: a regular expression that tries all ways.
console.log(/^(a+)+b$/.test('a'.repeat(40)));
