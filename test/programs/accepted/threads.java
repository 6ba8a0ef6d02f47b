// Verdict: accepted
// Outcome: exited 0
// Stdout: "4950\n"
// Why: an executor with tasks.
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;

class Main {
  public static void main(String[] args) throws Exception {
    var pool = Executors.newFixedThreadPool(4);
    List<Future<Integer>> parts = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      int own = number;
      parts.add(pool.submit(() -> own));
    }
    int sum = 0;
    for (var part : parts) sum += part.get();
    pool.shutdown();
    System.out.println(sum);
  }
}
