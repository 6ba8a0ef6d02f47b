// Verdict: runtime_error
// Outcome: exited 1
// Why: an interpreted program fails when it runs.
console.log(3;
