// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 1500}
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: the usual mistake: a server or a timer that nobody closes.
const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);
console.log(a + b);
require('net').createServer().listen(0);
