// Verdict: compile_error
// Build: exited 1
// Why: a loop that the compiler is asked to run, and counts.
constexpr int turns() {
  int count = 0;
  while (true) ++count;
  return count;
}
static_assert(turns() == 0);
int main() {}
