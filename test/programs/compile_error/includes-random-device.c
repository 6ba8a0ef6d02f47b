// Verdict: compile_error
// Build: exited 1
// BuildTimeMs: 3000
// Why: a header of noise; reading a device of the machine is refused or ends in an error.
#include "/dev/full/x"
int main(void) { return 0; }
