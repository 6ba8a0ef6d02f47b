// Verdict: accepted
// Outcome: exited 0
// Stdin: "3\n"
// Stdout: "27\n"
// Files: {"cube.h": "int cube(int n);\n", "cube.c": "#include \"cube.h\"\nint cube(int n) { return n * n * n; }\n"}
// Why: two sources and a header.
#include "cube.h"
#include <stdio.h>
int main(void) {
  int n;
  if (scanf("%d", &n) != 1) return 1;
  printf("%d\n", cube(n));
  return 0;
}
