// Verdict: accepted
// Outcome: exited 0
// Why: threads without end are refused with an error, and the program may go on. (The machine itself warns, on standard output.)
class Main {
  public static void main(String[] args) {
    int made = 0;
    try {
      for (; made < 1000; made++) {
        Thread thread = new Thread(null, () -> {
          try {
            Thread.sleep(1_000_000);
          } catch (InterruptedException ended) {
            // Nobody does.
          }
        }, "waits", 1 << 16);
        thread.setDaemon(true);
        thread.start();
      }
      System.exit(1);
    } catch (OutOfMemoryError refused) {
      System.exit(made < 64 ? 0 : 1);
    }
  }
}
