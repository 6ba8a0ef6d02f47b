// Verdict: accepted
// Outcome: exited 0
// Stdin: [["17 4\n", 20000]]
// Stdout: "420000\n"
// Why: much input, through a reader and a stream.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;

class Main {
  public static void main(String[] args) {
    var reader = new BufferedReader(new InputStreamReader(System.in));
    System.out.println(reader.lines().flatMap(line -> Arrays.stream(line.split(" "))).mapToLong(Long::parseLong).sum());
  }
}
