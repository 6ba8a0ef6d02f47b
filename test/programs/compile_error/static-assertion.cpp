// Verdict: compile_error
// Build: exited 1
// Why: a condition that does not hold at compile time.
static_assert(sizeof(int) == 1, "no");
int main() {}
