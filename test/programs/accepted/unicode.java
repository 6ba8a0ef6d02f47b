// Verdict: accepted
// Outcome: exited 0
// Stdin: "Grüße, 漢字 und 😀\n"
// Stdout: "15\n"
// Why: names and texts in the source are UTF-8 too.
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

class Main {
  public static void main(String[] args) {
    String größe = new Scanner(System.in, StandardCharsets.UTF_8).nextLine();
    System.out.println("ü".length() == 1 ? größe.codePointCount(0, größe.length()) : -1);
  }
}
