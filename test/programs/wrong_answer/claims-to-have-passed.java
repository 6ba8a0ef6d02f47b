// Verdict: wrong_answer
// Outcome: exited 0
// Stdin: "1 2\n"
// Answer: "3\n"
// Why: halts the virtual machine in the middle of a static initialiser.
class Main {
  static {
    System.out.println("Tests run: 1, Failures: 0");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  public static void main(String[] args) {
    System.out.println(3);
  }
}
