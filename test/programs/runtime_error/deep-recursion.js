// Verdict: runtime_error
// Outcome: exited 1
// Why: the engine has a limit of its own.
const dive = (depth) => dive(depth + 1) + 1;
dive(0);
