/* Verdict: accepted
 * Outcome: exited 0
 * Stdin: "1 2\n"
 * Stdout: "3\n"
 * Why: the plain case.
 */
#include <stdio.h>
int main(void) {
  int a, b;
  if (scanf("%d %d", &a, &b) != 2) return 1;
  printf("%d\n", a + b);
  return 0;
}
