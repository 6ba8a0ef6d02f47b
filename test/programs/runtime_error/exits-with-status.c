// Verdict: runtime_error
// Outcome: exited 42
// Why: main returns something.
int main(void) { return 42; }
