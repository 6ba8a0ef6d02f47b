// Verdict: accepted
// Outcome: exited 0
// Stdin: [["17 4\n", 20000]]
// Stdout: "420000\n"
// Why: much input, through the interface that most courses teach.
const lines = require('readline').createInterface({ input: process.stdin });
let total = 0;
lines.on('line', (line) => {
  for (const word of line.split(' ')) total += Number(word);
});
lines.on('close', () => console.log(total));
