// Verdict: runtime_error
// Outcome: signalled SIGABRT
// Why: the C library notices.
#include <stdlib.h>
int main(void) {
  char *volatile block = malloc(100);
  free(block);
  free(block);
  return 0;
}
