package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every public name of Python's module has its Java twin: CPython's test_all, and one step further
 * down, to what a subclass overrides and a handler uses.
 */
@Timeout(60)
class PublicNamesTest {
  /** Python's names whose Java form is more than a change of case. */
  private static String java(String python) {
    return switch (python) {
      case "RequestHandlerClass" -> "requestHandler";
      case "__enter__", "__exit__" -> "close";
      default -> camelCase(python);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "BaseServer, "
        + "timeout server_address RequestHandlerClass server_activate serve_forever shutdown"
        + " service_actions handle_request handle_timeout verify_request process_request"
        + " server_close finish_request shutdown_request close_request handle_error __exit__",
    "TCPServer, "
        + "address_family socket_type request_queue_size allow_reuse_address allow_reuse_port"
        + " socket server_bind server_activate server_close fileno get_request"
        + " shutdown_request close_request",
    "UDPServer, "
        + "allow_reuse_address allow_reuse_port socket_type max_packet_size get_request"
        + " server_activate shutdown_request close_request",
    "ThreadingMixIn, daemon_threads block_on_close",
    "ThreadingTCPServer, process_request process_request_thread server_close daemon_threads",
    "ThreadingUDPServer, process_request process_request_thread server_close daemon_threads",
    "UnixStreamServer, address_family server_bind server_activate server_close get_request",
    "UnixDatagramServer, address_family max_packet_size server_bind server_close get_request",
    "ThreadingUnixStreamServer, "
        + "address_family process_request process_request_thread server_close daemon_threads",
    "ThreadingUnixDatagramServer, "
        + "address_family process_request process_request_thread server_close daemon_threads",
    "ForkingMixIn, active_children max_children block_on_close collect_children",
    "ForkingTCPServer, "
        + "timeout handle_timeout service_actions process_request server_close active_children"
        + " max_children block_on_close collect_children",
    "ForkingUDPServer, "
        + "timeout handle_timeout service_actions process_request server_close active_children"
        + " max_children block_on_close collect_children",
    "ForkingUnixStreamServer, "
        + "timeout handle_timeout service_actions process_request server_close active_children"
        + " max_children block_on_close collect_children address_family",
    "ForkingUnixDatagramServer, "
        + "timeout handle_timeout service_actions process_request server_close active_children"
        + " max_children block_on_close collect_children address_family",
    "BaseRequestHandler, request client_address server setup handle finish",
    "StreamRequestHandler, "
        + "rbufsize wbufsize timeout disable_nagle_algorithm connection rfile wfile setup finish",
    "DatagramRequestHandler, packet socket rfile wfile setup finish",
  })
  void hasItsJavaTwin(String type, String names) throws ClassNotFoundException {
    Class<?> twin = Class.forName("socketserver." + type);
    assertTrue(Modifier.isPublic(twin.getModifiers()), type);
    Set<String> there =
        Stream.concat(Arrays.stream(twin.getMethods()), Arrays.stream(twin.getFields()))
            .map(Member::getName)
            .collect(Collectors.toSet());
    List<String> missing =
        Arrays.stream(names.split(" "))
            .filter(name -> !there.contains(java(name)))
            .collect(Collectors.toList());
    assertEquals(List.of(), missing, type);
  }

  @Test
  void everyNameThatPythonExportsHasAClass() throws Exception {
    List<String> unknown = new ArrayList<>();
    for (String name : pythonsNames()) {
      if (!isClass("socketserver." + name)) {
        unknown.add(name);
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static boolean isClass(String name) {
    try {
      return Modifier.isPublic(Class.forName(name).getModifiers());
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static List<String> pythonsNames() throws Exception {
    Process python;
    try {
      python =
          new ProcessBuilder(
                  "python3", "-c", "import socketserver; print(' '.join(socketserver.__all__))")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      String reason = "SKIPPED: no python3 on the path to ask for its names: " + e.getMessage();
      System.err.println(reason);
      return Assumptions.abort(reason);
    }
    try (var out = python.getInputStream()) {
      python.getOutputStream().close(); // there is nothing to tell it
      String names = new String(out.readAllBytes()).strip();
      assertTrue(python.waitFor(30, TimeUnit.SECONDS), "python3 has not ended");
      assertEquals(0, python.exitValue());
      return List.of(names.split(" "));
    } finally {
      python.destroyForcibly();
    }
  }

  private static String camelCase(String python) {
    StringBuilder name = new StringBuilder();
    for (String word : python.split("_")) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }
}
