// Verdict: runtime_error
// Outcome: exited 1
// Why: compiles, and has no entry.
class Main {
  public static int sum(int a, int b) {
    return a + b;
  }
}
