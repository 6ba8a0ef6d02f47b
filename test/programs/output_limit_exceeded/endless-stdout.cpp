// Verdict: output_limit_exceeded
// Outcome: output_limit
// Why: every line is flushed.
#include <iostream>
int main() {
  for (;;) std::cout << "spam" << std::endl;
}
