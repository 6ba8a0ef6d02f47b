/* Verdict: output_limit_exceeded
 * Outcome: output_limit
 * Why: fast.
 */
#include <stdio.h>
int main(void) {
  for (;;) puts("spam");
}
