// Verdict: compile_error
// Build: exited 1
// Why: compiles and does not link.
int missing(int);
int main(void) { return missing(1); }
