// Verdict: time_limit_exceeded
// Outcome: cpu_limit
// Limits: {"cpuTimeMs": 600}
// Why: a loop without end.
class Main {
  public static void main(String[] args) {
    for (long i = 0; ; i++) if (i == -1) System.out.println(i);
  }
}
