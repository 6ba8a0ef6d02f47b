// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 400}
// Why: the main thread only waits; its workers compute.
const { Worker } = require('worker_threads');
for (let number = 0; number < 2; number += 1) new Worker('for (;;);', { eval: true });
