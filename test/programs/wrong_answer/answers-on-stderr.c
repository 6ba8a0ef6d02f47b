// Verdict: wrong_answer
// Outcome: exited 0
// Stdout: ""
// Answer: "3\n"
// Why: the right answer on the wrong stream.
#include <stdio.h>
int main(void) {
  fputs("3\n", stderr);
  return 0;
}
