// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 96, "diskMiB": 256, "cpuTimeMs": 2000}
// Why: files in memory count together with the program's own memory.
const { writeFileSync } = require('fs');
const block = Buffer.alloc(8 << 20, 'x');
for (let number = 0; number < 30; number += 1) writeFileSync(`/tmp/${number}`, block);
console.log('all is well');
