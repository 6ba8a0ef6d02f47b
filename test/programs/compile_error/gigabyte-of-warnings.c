// Verdict: compile_error
// Build: output_limit exited
// Why: each line includes the file twice more, and every inclusion warns.
#ifndef DEPTH
#define DEPTH 0
#endif
#warning "a warning that is repeated again and again and again, so that the compiler has much to write about it"
#if __INCLUDE_LEVEL__ < 14
#include __FILE__
#include __FILE__
#endif
int main(void) { return undeclared; }
