// Verdict: accepted
// Outcome: exited 0
// Stdout: "done\n"
// Why: a child process with inherited streams, and a daemon thread, both of which nobody waits for.
class Main {
  public static void main(String[] args) throws Exception {
    new ProcessBuilder("/usr/bin/sleep", "600").inheritIO().start();
    Thread thread = new Thread(() -> {
      while (true) Thread.onSpinWait();
    });
    thread.setDaemon(true);
    thread.start();
    System.out.println("done");
  }
}
