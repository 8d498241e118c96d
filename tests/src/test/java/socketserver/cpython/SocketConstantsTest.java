package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.SocketConstants;
import socketserver.fixture.Bounds;

/** The options of Python's socket module are there, and all constants have its numbers. */
@Timeout(60)
class SocketConstantsTest {
  private static final String SCRIPT =
      """
      import socket
      for name in dir(socket):
          if isinstance(getattr(socket, name), int):
              print(name, int(getattr(socket, name)))
      """;

  /** Other families' options, and the time-outs of calls that block in the system. */
  private static final String LEFT_OUT = "SO_(J1939|VM_SOCKETS)_.*|SO_(RCV|SND)TIMEO";

  private static Map<String, Integer> python() throws Exception {
    Process python;
    try {
      python = new ProcessBuilder("python3", "-c", SCRIPT).redirectErrorStream(true).start();
    } catch (java.io.IOException e) {
      Assumptions.abort("no python3");
      throw e;
    }
    String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(python.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
    Map<String, Integer> numbers = new TreeMap<>();
    for (String line : printed.lines().toList()) {
      int space = line.indexOf(' ');
      long number = Long.parseLong(line.substring(space + 1));
      numbers.put(line.substring(0, space), (int) number);
    }
    return numbers;
  }

  private static Map<String, Integer> ours() throws IllegalAccessException {
    Map<String, Integer> numbers = new TreeMap<>();
    for (Field field : SocketConstants.class.getFields()) {
      numbers.put(field.getName(), field.getInt(null));
    }
    return numbers;
  }

  @Test
  void theConstantsHavePythonsNumbers() throws Exception {
    Map<String, Integer> python = python();
    Map<String, Integer> ours = ours();
    ours.keySet().retainAll(python.keySet());
    assertFalse(ours.isEmpty());
    for (Map.Entry<String, Integer> constant : ours.entrySet()) {
      // the longest queue is the system's own
      if (!constant.getKey().equals("SOMAXCONN")) {
        assertEquals(python.get(constant.getKey()), constant.getValue(), constant.getKey());
      }
    }
  }

  @Test
  void theOptionsOfSocketsAndOfTcpAreThere() throws Exception {
    Map<String, Integer> missing = python();
    missing.keySet().removeAll(ours().keySet());
    missing.keySet().removeIf(name -> !name.matches("(SO|TCP)_.*") || name.matches(LEFT_OUT));
    assertEquals(Map.of(), missing);
  }
}
