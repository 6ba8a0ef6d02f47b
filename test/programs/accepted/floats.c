// Verdict: accepted
// Outcome: exited 0
// Stdout: "1.41421356 0.333333 1e+100 inf\n"
// Why: the mathematical library is linked by default.
#include <math.h>
#include <stdio.h>
int main(void) {
  volatile double two = 2, three = 3;
  printf("%.8f %f %g %g\n", sqrt(two), 1 / three, 1e100, exp(1000 * two));
  return 0;
}
