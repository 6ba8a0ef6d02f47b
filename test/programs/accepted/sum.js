// Verdict: accepted
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: most JavaScript solutions read /dev/stdin by name.
const [a, b] = require('fs').readFileSync('/dev/stdin', 'utf8').split(' ').map(Number);
console.log(a + b);
