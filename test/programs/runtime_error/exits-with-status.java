// Verdict: runtime_error
// Outcome: exited 4
// Why: System.exit in the middle of the work.
class Main {
  public static void main(String[] args) {
    System.exit(4);
  }
}
