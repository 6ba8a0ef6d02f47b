// Verdict: compile_error
// Build: exited 1
// Why: a function, and no program.
int sum(int a, int b) { return a + b; }
