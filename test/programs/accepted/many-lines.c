// Verdict: accepted
// Outcome: exited 0
// Stdout: [["line of output\n", 4000]]
// Why: output near the limit, flushed at the end.
#include <stdio.h>
int main(void) {
  for (int line = 0; line < 4000; line++) puts("line of output");
  return 0;
}
