// Verdict: compile_error
// Build: exited 1
// Why: the compiler has a limit for the depth of templates.
template <int N> struct Deep {
  static constexpr int value = Deep<N + 1>::value;
};
int main() { return Deep<0>::value; }
