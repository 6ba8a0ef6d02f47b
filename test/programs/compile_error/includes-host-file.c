/* Verdict: compile_error
 * Build: exited 1
 * Why: the compiler sees no more of the host than the program does.
 */
#include "/etc/shadow"
int main(void) { return 0; }
