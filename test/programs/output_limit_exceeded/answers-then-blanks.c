/* Verdict: output_limit_exceeded
 * Outcome: output_limit
 * Why: a right answer, and ten megabytes of blanks after it.
 */
#include <stdio.h>

int main(void) {
  puts("3");
  for (int count = 0; count < 10 << 20; count++) putchar(' ');
  return 0;
}
