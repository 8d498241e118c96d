package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.fixture.Answering.ask;
import static socketserver.fixture.Answering.number;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.RunningServer;

/** The options that a child's JVM has. */
@Timeout(120)
class ChildJvmOptionsTest {
  private static final String DEBUGGER =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0";

  @TempDir private Path folder;

  private static Object answer(String line, Answering handler) {
    return switch (line) {
      case "options" -> ManagementFactory.getRuntimeMXBean().getInputArguments();
      case "memory" -> Runtime.getRuntime().maxMemory();
      case "environment" -> System.getenv("JAVA_TOOL_OPTIONS");
      default -> System.getProperty(line);
    };
  }

  private static ForkingTCPServer server() throws Exception {
    ForkingTCPServer server =
        new ForkingTCPServer(RunningServer.anyPort(), Answering.with(ChildJvmOptionsTest::answer));
    server.spareChildren(0);
    server.maxRequestsPerChild(0);
    return server;
  }

  @Test
  void areThoseThatTheServerSays() throws Exception {
    ForkingTCPServer server = server();
    assertNull(server.childJvmOptions());
    server.childJvmOptions(List.of("-Xmx48m", "-Dchosen=a value", "-XX:+UseParallelGC"));
    try (var running = RunningServer.start(server)) {
      assertEquals("a value", ask(running.server(), "chosen"));
      assertTrue(number(server, "memory") <= 48 << 20);
      assertTrue(ask(server, "options").contains("-XX:+UseParallelGC"));
      assertEquals("null", ask(server, "io.netty.leakDetection.level"));
    }
  }

  /** A parent with options that no two processes can have, and others. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      try (var running = RunningServer.start(server())) {
        for (String what : args) {
          Child.tell(ask(running.server(), what));
        }
      }
    }
  }

  @Test
  void areThoseOfTheParentButForWhatNoTwoProcessesCanShare() throws Exception {
    List<String> options =
        List.of(
            "-Dcom.sun.management.jmxremote.port=0",
            "-Dcom.sun.management.jmxremote.authenticate=false",
            "-Dcom.sun.management.jmxremote.ssl=false",
            "-Xlog:gc:file=" + folder.resolve("gc.log"),
            "-XX:StartFlightRecording:filename=" + folder.resolve("parent.jfr"),
            "-Xmx211m",
            "-Dplain=one",
            "-Dwith.blanks=two words");
    try (Child parent =
        Child.startWithVariable(
            "JAVA_TOOL_OPTIONS",
            "-Dvariable=three " + DEBUGGER,
            Parent.class,
            options,
            "plain",
            "with.blanks",
            "variable",
            "environment",
            "options")) {
      assertEquals("one", parent.hear());
      assertEquals("two words", parent.hear());
      assertEquals("three", parent.hear());
      assertEquals("null", parent.hear());
      String had = parent.hear();
      assertTrue(had.contains("-Xmx211m"), had);
      for (String own : List.of("jdwp", "jmxremote", "-Xlog", "FlightRecording")) {
        assertTrue(!had.contains(own), had);
      }
      parent.awaitEnd();
    }
  }
}
