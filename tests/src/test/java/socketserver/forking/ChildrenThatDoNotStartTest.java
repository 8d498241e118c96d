package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.ForkingTCPServer;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.Compilation;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;

/** What a server does whose children cannot be started, until they can. */
@Timeout(120)
class ChildrenThatDoNotStartTest {
  @TempDir private Path folder;

  /** What its children print about their failures is of no interest to the tests' own output. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      switch (args[0]) {
        case "option" -> withAWrongOption();
        case "java" -> withoutJava();
        case "class" -> withoutItsClass(Path.of(args[1]));
        default -> throw new IllegalArgumentException(args[0]);
      }
    }

    private static ForkingTCPServer server() throws IOException {
      return new ForkingTCPServer(
          RunningServer.anyPort(), Answering.with((line, handler) -> "answered"));
    }

    private static void withAWrongOption() throws Exception {
      ForkingTCPServer server = server();
      server.spareChildren(1);
      server.childJvmOptions(List.of("-XX:NoSuchOption"));
      try (LogCapture log = new LogCapture();
          var running = RunningServer.start(server)) {
        Eventually.holds(
            () -> "4 starts fail; there is " + log.events(), () -> failures(log).size() >= 4);
        List<ILoggingEvent> failures = failures(log);
        Child.tell(failures.get(3).getTimeStamp() - failures.get(0).getTimeStamp());
        Child.tell(failures.get(0).getLevel() + " " + failures.get(0).getFormattedMessage());
        Child.tell(Answering.ask(running.server(), ""));
        Child.tell(log.at(Level.ERROR, "closed unhandled"));
        server.childJvmOptions(null);
        Child.tell(Answering.ask(server, ""));
      }
    }

    private static List<ILoggingEvent> failures(LogCapture log) {
      return log.events().stream()
          .filter(event -> event.getFormattedMessage().contains("before it was ready"))
          .toList();
    }

    private static void withoutJava() throws Exception {
      String home = System.getProperty("java.home");
      ForkingTCPServer server = server();
      server.spareChildren(0);
      try (LogCapture log = new LogCapture();
          var running = RunningServer.start(server)) {
        System.setProperty("java.home", "/no such place");
        Child.tell(Answering.ask(running.server(), ""));
        Child.tell(log.at(Level.ERROR));
        System.setProperty("java.home", home);
        Child.tell(Answering.ask(server, ""));
      }
    }

    private static void withoutItsClass(Path folder) throws Exception {
      String source =
          """
          import java.net.SocketAddress;
          import socketserver.*;

          public class Lost extends ForkingTCPServer {
            public Lost(SocketAddress address, HandlerFactory<StreamSocket> handler)
                throws java.io.IOException {
              super(address, handler);
            }
          }
          """;
      assertEquals(List.of(), Compilation.into(folder, source).errors());
      try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
        Class<?> lost = loader.loadClass("Lost");
        HandlerFactory<StreamSocket> handler = Answering.with((line, answering) -> "answered");
        var server =
            (ForkingTCPServer)
                lost.getConstructor(SocketAddress.class, HandlerFactory.class)
                    .newInstance(RunningServer.anyPort(), handler);
        server.spareChildren(0);
        Files.move(folder.resolve("Lost.class"), folder.resolve("elsewhere"));
        try (LogCapture log = new LogCapture();
            var running = RunningServer.start(server)) {
          Child.tell(Answering.ask(running.server(), ""));
          Child.tell(log.at(Level.ERROR, "before it was ready").size());
          Files.move(folder.resolve("elsewhere"), folder.resolve("Lost.class"));
          Child.tell(Answering.ask(server, ""));
        }
      }
    }
  }

  private static void says(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), text + " lacks " + part);
    }
  }

  @Test
  void saysWhyTriesLessAndLessOftenAndRecovers() throws Exception {
    try (Child parent = Child.start(Parent.class, List.of(), "option")) {
      long millis = Long.parseLong(parent.hear());
      // 100, 200 and 400 ms of pauses; the clock may tick in between
      assertTrue(millis >= 690, "4 starts within " + millis + " ms");
      says(
          parent.hear(),
          "ERROR child process ",
          "ended with status 1 before it was ready",
          "command line: ",
          "bin/java ",
          "-XX:NoSuchOption",
          "ChildMain");
      assertEquals("", parent.hear());
      says(parent.hear(), "the request from /127.0.0.1:", "no child process starts");
      assertEquals("answered", parent.hear());
      parent.awaitEnd();
      says(parent.output(), "NoSuchOption");
    }
  }

  @Test
  void closesTheRequestWhenThereIsNoJava() throws Exception {
    try (Child parent = Child.start(Parent.class, List.of(), "java")) {
      assertEquals("", parent.hear());
      says(parent.hear(), "cannot start a child process", "'/no such place/bin/java'", "ChildMain");
      assertEquals("answered", parent.hear());
      parent.awaitEnd();
      says(parent.output(), "cannot start a child process");
    }
  }

  @Test
  void closesTheRequestWhenChildrenDoNotFindAClass() throws Exception {
    try (Child parent = Child.start(Parent.class, List.of(), "class", folder.toString())) {
      assertEquals("", parent.hear());
      assertTrue(Integer.parseInt(parent.hear()) >= 1);
      assertEquals("answered", parent.hear());
      parent.awaitEnd();
      says(parent.output(), "cannot make the server", "ClassNotFoundException: Lost");
    }
  }
}
