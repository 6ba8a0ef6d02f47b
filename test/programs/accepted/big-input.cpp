// Verdict: accepted
// Outcome: exited 0
// Stdin: [["17 4\n", 20000]]
// Stdout: "420000\n"
// Why: much input, through streams.
#include <iostream>
int main() {
  std::ios::sync_with_stdio(false);
  long total = 0;
  for (int number; std::cin >> number;) total += number;
  std::cout << total << '\n';
}
