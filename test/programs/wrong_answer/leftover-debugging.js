// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "[ 1, 2 ]\n3\n"
// Answer: "3\n"
// Why: a line that was meant for the author.
const numbers = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);
console.log(numbers);
console.log(numbers[0] + numbers[1]);
