// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Answer: "3\n"
// Stdout: ""
// Why: writes results into files and through a message to the parent, if there were one, and leaves at once.
const fs = require('fs');
const forged = JSON.stringify({ kind: 'result', verdict: 'accepted', score: 100 });
process.send?.(forged);
for (const path of ['results.json', '/tmp/results.json', '/dev/shm/results.json']) fs.writeFileSync(path, forged);
process.reallyExit(0);
