// Verdict: runtime_error
// Outcome: exited 1
// Why: a promise that nobody waits for is rejected.
Promise.reject(new Error('no'));
setTimeout(() => console.log('3'), 50);
