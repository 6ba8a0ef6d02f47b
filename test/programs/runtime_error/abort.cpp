// Verdict: runtime_error
// Outcome: signalled SIGABRT
// Why: abort() of a pid 1 would look like SIGSEGV.
#include <stdexcept>
int main() { throw std::runtime_error("no"); }
