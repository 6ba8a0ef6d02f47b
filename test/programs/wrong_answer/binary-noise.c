// Verdict: wrong_answer
// Outcome: exited 0
// Answer: "3\n"
// Why: the right answer, and NUL bytes after it.
#include <stdio.h>
int main(void) { return fwrite("3\n\0\0\0\0", 1, 6, stdout) != 6; }
