/* Verdict: runtime_error
 * Outcome: signalled SIGSEGV
 * Why: the program dies by a signal.
 */
int main(void) {
  volatile int *nowhere = 0;
  return *nowhere;
}
