// Verdict: compile_error
// Build: exited 1
// Why: not C++.
int main() { return 0
