// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Limits: {"memoryMiB": 80, "cpuTimeMs": 8000, "wallTimeMs": 24000}
// Why: folders need no space of the disk limit either, and folders in folders take away any hope of a short path.
const { mkdirSync } = require('fs');
for (let number = 0; ; number += 1) {
  mkdirSync(String(number).padStart(200, 'x'));
  if (number % 15 === 14) process.chdir(String(number).padStart(200, 'x'));
}
