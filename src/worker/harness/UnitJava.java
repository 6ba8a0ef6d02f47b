import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs JUnit tests in this process and tells the worker what each case gave. docs/grading-unit.md says what that proves. The first
 * line of standard input is the key of the records, the others are names of test classes. JUnit finds the cases without running
 * code of the submission: they are told before any of it runs.
 */
final class UnitJava {
  private static final int MESSAGE_CHARACTERS = 4000;

  private UnitJava() {}

  public static void main(String[] arguments) throws Exception {
    String[] lines = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
    // Puts /dev/null in its place: it could be read again from its start.
    System.in.close();
    Report report = new Report(HexFormat.of().parseHex(lines[0].trim()));
    report.tell("begin", "", "", "");
    LauncherDiscoveryRequestBuilder builder = LauncherDiscoveryRequestBuilder.request();
    for (String name : Arrays.copyOfRange(lines, 1, lines.length)) builder.selectors(DiscoverySelectors.selectClass(name.trim()));
    LauncherDiscoveryRequest request = builder.build();
    Launcher launcher = LauncherFactory.create();
    TestPlan plan;
    try {
      plan = launcher.discover(request);
      for (TestIdentifier root : plan.getRoots()) {
        for (TestIdentifier one : plan.getDescendants(root)) {
          if (methodOf(one).isPresent()) report.tell("declared", nameOf(plan, one), "", "");
        }
      }
      launcher.execute(plan, new Listener(report));
    } catch (Throwable fault) {
      report.tell("fault", "", "", describe(fault));
    }
    report.tell("done", "", "", "");
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(0);
  }

  private static Optional<MethodSource> methodOf(TestIdentifier one) {
    return one.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
  }

  /** `CalcTest.adds`, and `CalcTest.adds[2]` for the second of a parameterized or repeated one. */
  private static String nameOf(TestPlan plan, TestIdentifier one) {
    Optional<MethodSource> method = methodOf(one);
    if (method.isEmpty()) return one.getDisplayName();
    String className = method.get().getClassName();
    String name = className.substring(className.lastIndexOf('.') + 1).replace('$', '.') + "." + method.get().getMethodName();
    boolean isInvocation = plan.getParent(one).map((parent) -> parent.isTest() || methodOf(parent).isPresent()).orElse(false);
    if (!isInvocation) return name;
    String id = one.getUniqueId();
    int at = id.lastIndexOf('#');
    return at < 0 ? name : name + "[" + id.substring(at + 1).replace("]", "") + "]";
  }

  private static String describe(Throwable fault) {
    String where = "";
    for (StackTraceElement frame : fault.getStackTrace()) {
      String module = frame.getModuleName();
      if (module == null && !frame.getClassName().startsWith("org.junit") && !frame.getClassName().startsWith("org.opentest4j")) {
        where = "\n" + frame.getFileName() + ":" + frame.getLineNumber();
        break;
      }
    }
    String text;
    try {
      text = String.valueOf(fault.getMessage());
    } catch (Throwable hostile) {
      text = "(its text cannot be had)";
    }
    boolean isPlain = fault instanceof AssertionError;
    return (isPlain ? "" : fault.getClass().getName() + ": ") + text + where;
  }

  private static final class Listener implements TestExecutionListener {
    private final Report report;
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private TestPlan plan;

    Listener(Report report) {
      this.report = report;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
      plan = started;
    }

    @Override
    public void executionStarted(TestIdentifier one) {
      if (one.isTest()) report.tell("start", nameOf(plan, one), "", "");
    }

    @Override
    public void executionSkipped(TestIdentifier one, String reason) {
      if (one.isTest() || methodOf(one).isPresent()) {
        report.tell("case", nameOf(plan, one), "skipped", reason);
        return;
      }
      for (TestIdentifier below : plan.getDescendants(one)) {
        if (methodOf(below).isPresent()) report.tell("case", nameOf(plan, below), "skipped", reason);
      }
    }

    @Override
    public void executionFinished(TestIdentifier one, TestExecutionResult result) {
      String message = result.getThrowable().map(UnitJava::describe).orElse("");
      if (!one.isTest()) {
        if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
          report.tell("fault", "", "", one.getDisplayName() + ": " + message);
        }
        return;
      }
      switch (result.getStatus()) {
        case SUCCESSFUL -> report.tell("case", nameOf(plan, one), "passed", "");
        // An assumption that does not hold may be the submission's doing.
        case ABORTED -> report.tell("case", nameOf(plan, one), "failed", "It was skipped while it ran: " + message);
        default -> report.tell("case", nameOf(plan, one), "failed", message);
      }
    }
  }

  private static final class Report {
    private final byte[] inner = new byte[64];
    private final byte[] outer = new byte[64];
    private final OutputStream out;
    private int count;

    Report(byte[] key) throws Exception {
      for (int at = 0; at < 64; at += 1) {
        byte one = at < key.length ? key[at] : 0;
        inner[at] = (byte) (one ^ 0x36);
        outer[at] = (byte) (one ^ 0x5c);
      }
      out = new FileOutputStream("/proc/self/fd/3");
    }

    synchronized void tell(String kind, String name, String outcome, String message) {
      try {
        String record = "{\"t\":" + quote(kind) + ",\"name\":" + quote(name) + ",\"outcome\":" + quote(outcome);
        byte[] body = (count + " " + record + ",\"message\":" + quote(message) + "}").getBytes(StandardCharsets.US_ASCII);
        count += 1;
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(inner);
        byte[] hash = digest.digest(body);
        digest.update(outer);
        String mac = HexFormat.of().formatHex(digest.digest(hash));
        out.write(("\n" + mac + " " + new String(body, StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
      } catch (Exception fault) {
        Runtime.getRuntime().halt(70);
      }
    }

    private static String quote(String whole) {
      String text = whole.length() > MESSAGE_CHARACTERS ? whole.substring(0, MESSAGE_CHARACTERS) : whole;
      StringBuilder quoted = new StringBuilder("\"");
      for (int at = 0; at < text.length(); at += 1) {
        char one = text.charAt(at);
        if (one < 0x20 || one > 0x7e || one == '"' || one == '\\') quoted.append(String.format("\\u%04x", (int) one));
        else quoted.append(one);
      }
      return quoted.append('"').toString();
    }
  }
}
