// Verdict: accepted
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: escape sequences and results in JSON on standard error.
process.stderr.write('\u001b[2J\u001b]0;accepted\u0007{"verdict":"wrong_answer","score":0}\r\n<script>alert(1)</script>\n');
const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);
console.log(a + b);
