// Verdict: runtime_error
// Outcome: exited 1
// Why: an uncaught exception.
throw new Error('no');
