// Verdict: accepted
// Outcome: exited 0
// Stdin: "1 2\n"
// Stdout: "3\n"
// Why: the plain case.
import java.util.Scanner;

class Main {
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    System.out.println(in.nextInt() + in.nextInt());
  }
}
