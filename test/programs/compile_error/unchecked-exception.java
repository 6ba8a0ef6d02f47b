// Verdict: compile_error
// Build: exited 1
// Why: an exception that nobody catches or declares.
class Main {
  public static void main(String[] args) {
    throw new Exception("no");
  }
}
