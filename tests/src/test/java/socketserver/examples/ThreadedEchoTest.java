package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threaded server with its three clients; a fresh JVM, since thread numbers go on. */
@Timeout(120)
class ThreadedEchoTest {
  private static final String TRANSCRIPT =
      """
      Server loop running in thread: Thread-1 (serve_forever)
      Received: Thread-2 (process_request_thread): Hello World 1
      Received: Thread-3 (process_request_thread): Hello World 2
      Received: Thread-4 (process_request_thread): Hello World 3
      """;

  @Test
  void printsTheLinesOfThePythonDocumentation() throws Exception {
    try (var program = Program.java(ThreadedEcho.class)) {
      assertEquals(TRANSCRIPT, program.output.rest());
      assertEquals("", program.errors.rest());
      assertEquals(0, program.status());
    }
  }

  @Test
  void theyAreTheLinesThatPythonPrints() throws Exception {
    Tool.PYTHON_3_10.required();
    try (var python = Program.python("threaded_echo.py")) {
      assertEquals(TRANSCRIPT, python.output.rest());
      assertEquals(0, python.status());
    }
  }
}
