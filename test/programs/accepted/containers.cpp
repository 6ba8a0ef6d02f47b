// Verdict: accepted
// Outcome: exited 0
// Stdin: "pear fig apple fig\n"
// Stdout: "apple 1\nfig 2\npear 1\nno plum\n"
// Why: containers, exceptions and ranges.
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
int main() {
  std::map<std::string, int> counts;
  for (std::string word; std::cin >> word;) ++counts[word];
  for (const auto &[word, count] : counts) std::cout << word << ' ' << count << '\n';
  try {
    std::cout << counts.at("plum") << '\n';
  } catch (const std::out_of_range &) {
    std::cout << "no plum\n";
  }
}
