// Verdict: runtime_error
// Outcome: signalled SIGABRT
// Why: a program that gives up at once, and would leave a core file.
process.abort();
