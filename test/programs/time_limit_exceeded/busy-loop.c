// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 200}
// Why: a loop without end.
int main(void) {
  for (volatile unsigned turn = 0;; turn++) {
  }
}
