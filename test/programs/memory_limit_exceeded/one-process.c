/* Verdict: memory_limit_exceeded
 * Outcome: memory_limit
 * Needs: cgroup
 * Why: memory that is touched, page by page.
 */
#include <stdlib.h>
#include <string.h>
int main(void) {
  for (;;) {
    char *block = malloc(1 << 20);
    if (block != 0) memset(block, 1, 1 << 20);
  }
}
