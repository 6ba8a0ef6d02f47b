// Verdict: runtime_error
// Outcome: signalled SIGSEGV
// Why: fopen is not asked whether it worked.
#include <stdio.h>
int main(void) {
  char line[16];
  FILE *file = fopen("data.txt", "r");
  return fgets(line, sizeof line, file) == NULL;
}
