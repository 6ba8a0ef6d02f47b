// Verdict: compile_error
// Build: exited 1
// Why: a header that was not handed in.
#include "helper.h"
int main(void) { return helper(); }
