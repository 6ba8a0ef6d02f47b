// Verdict: wrong_answer
// Outcome: exited 0
// Stdout: "3"
// Answer: "3\n"
// Why: byte by byte, a missing line end is a difference.
#include <stdio.h>
int main(void) { return printf("3") != 1; }
