// Verdict: runtime_error
// Outcome: exited 1
// Why: an uncaught exception.
class Main {
  public static void main(String[] args) {
    throw new IllegalStateException("no");
  }
}
