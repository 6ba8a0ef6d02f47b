// Verdict: runtime_error
// Outcome: exited 1
// Why: the virtual machine has a limit of its own.
class Main {
  static int dive(int depth) {
    return dive(depth + 1) + 1;
  }

  public static void main(String[] args) {
    System.out.println(dive(0));
  }
}
