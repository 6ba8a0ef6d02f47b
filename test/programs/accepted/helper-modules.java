// Verdict: accepted
// Outcome: exited 0
// Stdout: "27\n"
// Files: {"shapes/Cube.java": "package shapes;\n\npublic record Cube(int edge) {\n  public int volume() {\n    return edge * edge * edge;\n  }\n}\n"}
// Why: a class in a package of its own.
import shapes.Cube;

class Main {
  public static void main(String[] args) {
    System.out.println(new Cube(3).volume());
  }
}
