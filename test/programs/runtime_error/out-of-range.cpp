// Verdict: runtime_error
// Outcome: signalled SIGABRT
// Why: an exception of the library that nobody catches.
#include <vector>
int main() { return std::vector<int>{1, 2, 3}.at(3); }
