// Verdict: time_limit_exceeded
// Outcome: wall_limit
// Limits: {"wallTimeMs": 1500}
// Why: a sleeping virtual machine still has a dozen threads.
class Main {
  public static void main(String[] args) throws InterruptedException {
    Thread.sleep(1_000_000);
  }
}
