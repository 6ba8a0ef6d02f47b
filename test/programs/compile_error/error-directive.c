// Verdict: compile_error
// Build: exited 1
// Why: the source says itself that it is not ready.
#error "not yet"
int main(void) { return 0; }
