// Verdict: accepted
// Outcome: exited 0
// Stdout: "\u0001\u0002\u001b[2J\t\u007f\r\n\u0000end"
// Why: control characters and NUL bytes arrive as they were written.
#include <stdio.h>
int main(void) { return fwrite("\1\2\33[2J\t\177\r\n\0end", 1, 14, stdout) != 14; }
