// Verdict: compile_error
// Build: exited 1
// Why: a page of errors from the library's templates.
#include <algorithm>
#include <list>
int main() {
  std::list<int> numbers{3, 1, 2};
  std::sort(numbers.begin(), numbers.end());
}
