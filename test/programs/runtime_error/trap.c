// Verdict: runtime_error
// Outcome: signalled SIGILL
// Why: an instruction that no processor has. (Where the compiler's trap is another one, the signal comes by name.)
#include <signal.h>
int main(void) {
#if defined __x86_64__
  __builtin_trap();
#else
  return raise(SIGILL);
#endif
}
