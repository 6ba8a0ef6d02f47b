// Verdict: accepted
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: the plain case.
#include <iostream>
int main() {
  int a, b;
  std::cin >> a >> b;
  std::cout << a + b << '\n';
}
