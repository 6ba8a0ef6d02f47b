// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 600}
// Why: waits for a signal that does not come.
#include <unistd.h>
int main(void) { return pause(); }
