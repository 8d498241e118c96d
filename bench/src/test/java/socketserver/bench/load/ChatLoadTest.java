package socketserver.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The load of a chat, with servers that do and do not what a chat does. */
class ChatLoadTest {
  private static final int CLIENTS = 2;
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** A chat that, once all have joined, gives the last of them something else than the line. */
  private static final class Room extends LineServer {
    private final UnaryOperator<byte[]> fault;
    private final List<OutputStream> members = new ArrayList<>();
    private int lines;

    Room(UnaryOperator<byte[]> fault) throws IOException {
      this.fault = fault;
    }

    @Override
    void joined(OutputStream client) {
      members.add(client);
    }

    @Override
    void said(byte[] line, OutputStream client) throws IOException {
      lines++;
      for (int i = 0; i < members.size(); i++) {
        boolean faulty = lines > CLIENTS && i == CLIENTS - 1;
        members.get(i).write(faulty ? fault.apply(line) : line);
      }
    }
  }

  @Test
  void countsLinesThatAllHave() throws Exception {
    try (Room room = new Room(line -> line);
        Load load = new ChatLoad(room.target(), CLIENTS)) {
      long requests = 0;
      for (long end = System.nanoTime() + LONG.toNanos();
          requests < 10 && System.nanoTime() < end; ) {
        requests += load.run(SHORT).requests();
      }
      assertTrue(requests >= 10);
    }
  }

  @Test
  void countsNoLineThatOneHasNot() throws Exception {
    try (Room room = new Room(line -> new byte[0]);
        Load load = new ChatLoad(room.target(), CLIENTS)) {
      assertEquals(0, load.run(SHORT).requests());
    }
  }

  @Test
  void failsWhereALineComesTwice() throws Exception {
    assertFails(line -> (new String(line) + new String(line)).getBytes());
  }

  @Test
  void failsWhereALineIsChanged() throws Exception {
    assertFails(line -> new String(line).replace('x', 'y').getBytes());
  }

  private static void assertFails(UnaryOperator<byte[]> fault) throws Exception {
    try (Room room = new Room(fault);
        Load load = new ChatLoad(room.target(), CLIENTS)) {
      assertThrows(IOException.class, () -> load.run(LONG));
    }
  }
}
