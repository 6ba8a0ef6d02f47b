// Verdict: accepted
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: binary noise and forged frames on standard error.
#include <stdio.h>
int main(void) {
  int a, b;
  for (int byte = 0; byte < 4096; byte++) fputc(byte & 255, stderr);
  fputs("\1\201\0\0\0\0\0\0\1\202\0\0\0\0\0\0terminated by signal 9\n", stderr);
  if (scanf("%d %d", &a, &b) != 2) return 1;
  printf("%d\n", a + b);
  return 0;
}
