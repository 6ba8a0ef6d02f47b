// Verdict: compile_error
// Build: exited 1
// Why: the environment and the memory of whoever started the compiler.
#include "/proc/1/environ"
#include "/proc/1/cmdline"
int main(void) { return 0; }
