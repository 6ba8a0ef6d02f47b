// Verdict: accepted
// Outcome: exited 0
// Limits: {"outputKiB": 2048}
// Stdout: [["x", 1048575], "\n"]
// Why: a line of a mebibyte, line end included, where the limit allows it.
#include <stdio.h>
int main(void) {
  for (int count = 0; count < (1 << 20) - 1; count++) putchar('x');
  putchar('\n');
  return 0;
}
