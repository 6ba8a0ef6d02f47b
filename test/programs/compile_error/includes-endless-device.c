// Verdict: compile_error
// Build: exited memory_limit
// BuildTimeMs: 3000
// Why: a header that never ends.
#include "/dev/zero"
int main(void) { return 0; }
