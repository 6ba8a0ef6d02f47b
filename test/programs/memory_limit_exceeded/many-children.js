// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"cpuTimeMs": 5000, "memoryMiB": 192}
// Why: worker threads have heaps of their own.
const { Worker } = require('worker_threads');
const code = 'const held = []; setInterval(() => held.push(Buffer.alloc(8 << 20, 1)), 5)';
for (let number = 0; number < 3; number += 1) new Worker(code, { eval: true }).on('error', () => {});
