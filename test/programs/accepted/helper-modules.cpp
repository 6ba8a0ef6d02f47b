// Verdict: accepted
// Outcome: exited 0
// Stdout: "27\n"
// Files: {"cube.hpp": "template <typename T> T cube(T n) { return n * n * n; }\nint start();\n", "start.cc": "#include \"cube.hpp\"\nint start() { return 3; }\n"}
// Why: two sources with different endings.
#include "cube.hpp"
#include <cstdio>
int main() { std::printf("%d\n", cube(start())); }
