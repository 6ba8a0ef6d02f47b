/* Verdict: compile_error
 * Build: exited
 * Why: a small source that wants an object file of 2 GiB.
 */
char huge[2000000000] = {1};
int main(void) { return huge[0]; }
