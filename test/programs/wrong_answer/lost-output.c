// Verdict: wrong_answer
// Outcome: exited 0
// Stdout: ""
// Answer: "3\n"
// Why: what lies in a buffer is lost when a program ends without flushing.
#include <stdio.h>
#include <unistd.h>
int main(void) {
  fputs("3\n", stdout);
  _exit(0);
}
