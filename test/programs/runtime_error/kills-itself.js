// Verdict: runtime_error
// Outcome: signalled SIGKILL
// Why: the signal of the memory limit, by the program's own hand.
process.kill(process.pid, 'SIGKILL');
