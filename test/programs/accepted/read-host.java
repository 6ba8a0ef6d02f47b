// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: the host's files, and what the virtual machine can tell of other processes.
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class Main {
  public static void main(String[] args) {
    List<String> found = new ArrayList<>();
    for (String name : new String[] {"/etc/shadow", "/root", "/home", "/var", "/sys/fs", "/proc/1/environ", "/proc/1/root/etc", "/dev/mem"}) {
      try {
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
          try (var entries = Files.list(path)) {
            entries.count();
          }
        } else {
          Files.newInputStream(path).close();
        }
        found.add(name);
      } catch (Exception refused) {
        // Absent or refused.
      }
    }
    long self = ProcessHandle.current().pid();
    ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> pid != 1 && pid != self).forEach(pid -> found.add("pid " + pid));
    System.out.println(found.isEmpty() ? "contained" : found);
  }
}
