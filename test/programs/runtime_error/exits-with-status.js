// Verdict: runtime_error
// Outcome: exited 3
// Why: a status is set, and the program ends by itself.
process.exitCode = 3;
console.log('3');
