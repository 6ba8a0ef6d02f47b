// Verdict: compile_error
// Build: cpu_limit memory_limit
// BuildTimeMs: 2000
// Why: every type needs two others, at a depth that the compiler allows.
template <int N, unsigned long Path> struct Tree {
  static constexpr unsigned value = Tree<N - 1, Path * 2>::value + Tree<N - 1, Path * 2 + 1>::value;
};
template <unsigned long Path> struct Tree<0, Path> {
  static constexpr unsigned value = 1;
};
int main() { return Tree<40, 1>::value & 1; }
