// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "12\n"
// Answer: "3\n"
// Why: texts are joined where numbers were meant.
const [a, b] = require('fs').readFileSync(0, 'utf8').trim().split(' ');
console.log(a + b);
