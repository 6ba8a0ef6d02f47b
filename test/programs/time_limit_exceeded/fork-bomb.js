// Verdict: time_limit_exceeded
// Outcome: cpu_limit wall_limit
// Limits: {"cpuTimeMs": 300, "wallTimeMs": 1000, "memoryMiB": 512, "processes": 24}
// Why: a program that starts itself, twice, detached, whatever becomes of the others.
const { spawn } = require('child_process');
for (let copy = 0; copy < 2; copy += 1) {
  try {
    spawn(process.execPath, [__filename], { detached: true, stdio: 'ignore' }).on('error', () => {});
  } catch {
    // Refused: there are enough.
  }
}
setInterval(() => {}, 1_000);
