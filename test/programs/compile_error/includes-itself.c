/* Verdict: compile_error
 * Build: exited 1
 * Why: the compiler has its own limit for this.
 */
#include __FILE__
int main(void) { return 0; }
