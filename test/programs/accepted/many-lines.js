// Verdict: accepted
// Outcome: exited 0
// Stdout: [["line of output\n", 4000]]
// Why: output near the limit; the program ends only when all is written.
for (let line = 0; line < 4000; line += 1) console.log('line of output');
