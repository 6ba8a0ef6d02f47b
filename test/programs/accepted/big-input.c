// Verdict: accepted
// Outcome: exited 0
// Stdin: [["17 4\n", 20000]]
// Stdout: "420000\n"
// Why: much input, number by number.
#include <stdio.h>
int main(void) {
  long total = 0;
  for (int number; scanf("%d", &number) == 1;) total += number;
  printf("%ld\n", total);
  return 0;
}
