// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Why: whoever sent the signal of the time limit, it is taken for that.
#include <signal.h>
int main(void) { return raise(SIGXCPU); }
