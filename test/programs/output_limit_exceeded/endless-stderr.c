// Verdict: output_limit_exceeded
// Outcome: output_limit
// Why: byte by byte, without a buffer.
#include <unistd.h>
int main(void) {
  while (write(2, "x", 1) == 1) {
  }
  return 0;
}
