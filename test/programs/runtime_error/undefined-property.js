// Verdict: runtime_error
// Outcome: exited 1
// Stdin: "1\n"
// Why: the most common of all mistakes.
const [, second] = require('fs').readFileSync(0, 'utf8').trim().split(' ');
console.log(second.length);
