// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: sockets and names from a virtual machine.
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

class Main {
  public static void main(String[] args) throws Exception {
    List<String> reached = new ArrayList<>();
    for (String target : new String[] {"127.0.0.1:6379", "127.0.0.1:3306", "169.254.169.254:80", "1.1.1.1:53"}) {
      String[] parts = target.split(":");
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), 300);
        reached.add(target);
      } catch (Exception refused) {
        // As it should be.
      }
    }
    try {
      reached.add(InetAddress.getByName("example.com").toString());
    } catch (Exception unknown) {
      // As it should be.
    }
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
         Socket own = new Socket(server.getInetAddress(), server.getLocalPort())) {
      System.out.println(reached.isEmpty() && own.isConnected() ? "contained" : reached);
    }
  }
}
