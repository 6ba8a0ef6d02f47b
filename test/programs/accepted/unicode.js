// Verdict: accepted
// Outcome: exited 0
// Stdin: "Grüße, 漢字 und 😀\n"
// Stdout: "GRÜSSE, 漢字 UND 😀 16\n"
// Why: characters beyond sixteen bits count as one only when asked so.
const line = require('fs').readFileSync(0, 'utf8').trim().toUpperCase();
console.log(line, [...line].length);
