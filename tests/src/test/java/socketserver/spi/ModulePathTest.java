package socketserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.fixture.ChildJvm;

/** A program that is a module, and requires the API alone. */
@Timeout(180)
class ModulePathTest {
  private static final String PROGRAM_MODULE = "module program { requires socketserver.api; }";

  private static final String PROGRAM =
      """
      package program;

      import java.io.IOException;
      import java.net.InetSocketAddress;
      import java.net.SocketAddress;
      import java.nio.charset.StandardCharsets;
      import java.util.List;
      import socketserver.*;

      public final class Main {
        public static final class Greeting extends StreamRequestHandler {
          @Override
          public void handle() throws IOException {
            wfile.write("greeted by " + (ProcessHandle.current().parent().get().pid()
                == Long.parseLong(rfile.readline(StandardCharsets.US_ASCII).strip())
                    ? "a child" : "the server"));
          }
        }

        private static void greet(String word, TCPServer server, SocketAddress address)
            throws Exception {
          try (server) {
            Thread serving = new Thread(server::serveForever);
            serving.start();
            try (StreamSocket client = StreamSocket.connect(address)) {
              client.sendall(ProcessHandle.current().pid() + "\\n");
              System.out.println(word + ": " + new String(
                  client.makefileReader(-1).readAllBytes(), StandardCharsets.US_ASCII));
            }
            server.shutdown();
            serving.join();
          }
        }

        public static void main(String[] words) throws Exception {
          InetSocketAddress any = new InetSocketAddress("localhost", 0);
          for (String word : words) {
            TCPServer server = switch (word) {
              case "tcp" -> new ThreadingTCPServer(any, Greeting::new);
              case "forking" -> new ForkingTCPServer(any, Greeting::new);
              default -> new ThreadingUnixStreamServer(UnixAddress.of("\\0" + word), Greeting::new);
            };
            greet(word, server, server.socket().getsockname());
          }
        }
      }
      """;

  @TempDir Path folder;
  private Path program;

  @BeforeEach
  void compileProgram() throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/program"));
    Path main = Files.writeString(source.resolve("Main.java"), PROGRAM);
    Path module = Files.writeString(folder.resolve("source/module-info.java"), PROGRAM_MODULE);
    program = Files.createDirectory(folder.resolve("program"));
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                complaints,
                complaints,
                "-proc:none",
                "-d",
                program.toString(),
                "-p",
                modulePath(),
                module.toString(),
                main.toString());
    assertEquals(0, status, complaints.toString());
  }

  /**
   * The library's modules and those that they require, of what the tests have on the class path.
   */
  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> isOfTheLibrary(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isOfTheLibrary(Path entry) {
    return Files.exists(entry)
        && ModuleFinder.of(entry).findAll().stream()
            .map(ModuleReference::descriptor)
            .filter(descriptor -> !descriptor.isAutomatic())
            .map(ModuleDescriptor::name)
            .anyMatch(
                name ->
                    name.startsWith("socketserver.")
                        || name.startsWith("io.netty.") && !name.equals("io.netty.pkitesting")
                        || name.startsWith("org.slf4j")
                        || name.contains("junixsocket")
                        || name.equals("org.newsclub.net.unix"));
  }

  private String run(List<String> options, String... words) throws IOException {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-p", modulePath() + File.pathSeparator + program));
    return ChildJvm.run(all, "program/program.Main", words);
  }

  @Test
  void servesWithNothingButItsModulePath() throws IOException {
    String printed = run(List.of(), "tcp");
    assertTrue(printed.contains("tcp: greeted by the server"), printed);
  }

  @Test
  void hasEpollUnixSocketsAndChildrenWithAllModulesOfThePath() throws IOException {
    String printed =
        run(
            List.of(
                "--add-modules",
                "ALL-MODULE-PATH",
                "--add-opens",
                "org.newsclub.net.unix/org.newsclub.net.unix=socketserver.unix"),
            "tcp",
            "a-name",
            "forking");
    assertTrue(printed.contains("tcp: greeted by the server"), printed);
    assertTrue(printed.contains("a-name: greeted by the server"), printed);
    assertTrue(printed.contains("forking: greeted by a child"), printed);
  }
}
