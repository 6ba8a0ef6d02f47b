// Verdict: runtime_error
// Outcome: exited 1
// Limits: {"cpuTimeMs": 5000}
// Why: the virtual machine keeps its heap below the memory limit, and throws.
import java.util.ArrayList;
import java.util.List;

class Main {
  public static void main(String[] args) {
    List<byte[]> held = new ArrayList<>();
    while (true) held.add(new byte[1 << 20]);
  }
}
