// Verdict: output_limit_exceeded
// Outcome: output_limit
// Why: a printing loop.
class Main {
  public static void main(String[] args) {
    while (true) System.out.println("spam");
  }
}
