package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamSocket;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.select.Select;
import socketserver.select.Selectable;

/** One end of a connection of the chat, which never waits. */
@Timeout(120)
class ChatConnectionTest {
  private static final byte[] MESSAGE = ChatConnection.message("x".repeat(60_000));

  private ChatConnection connection;
  private Peer peer;

  @BeforeEach
  void connect() throws Exception {
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      StreamSocket channel = StreamSocket.connect(listener.getLocalSocketAddress());
      connection = new ChatConnection(channel, ChatConnection.LONGEST);
      peer = new Peer(listener.accept());
    }
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    peer.close();
  }

  @Test
  void whatThereIsNoRoomForIsSentLaterAndInOrder() throws Exception {
    ByteBuffer sent = ByteBuffer.allocate(64 << 20);
    for (int i = 0, more = 3; more > 0; i++) {
      byte[] message = ChatConnection.message(i + "y".repeat(60_000));
      sent.put(message);
      connection.send(message);
      more -= connection.hasWaiting() ? 1 : 0;
    }
    byte[] expected = Arrays.copyOf(sent.array(), sent.position());
    CompletableFuture<byte[]> read = Background.ask("reads", () -> peer.readBytes(expected.length));
    List<Selectable> outputs = List.of(connection.channel());
    while (connection.hasWaiting()) {
      assertFalse(
          Select.select(List.of(), outputs, List.of(), Bounds.WAIT).wlist().isEmpty(),
          "never writable");
      connection.flush();
    }
    assertTrue(Arrays.equals(expected, Background.result(read)));
  }

  @Test
  void whatWaitsForOneWhoDoesNotReadHasALimit() throws Exception {
    while (!connection.hasWaiting()) {
      connection.send(MESSAGE);
    }
    IOException refused =
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i <= ChatConnection.MOST_WAITING / MESSAGE.length; i++) {
                connection.send(MESSAGE);
              }
            });
    assertTrue(refused.getMessage().startsWith("does not read: "), refused.getMessage());
  }

  @Test
  void nothingIsThereBeforeAMessageIsWhole() throws Exception {
    List<Selectable> inputs = List.of(connection.channel());
    assertTrue(connection.receive(), "that nothing is there is no end");
    assertNull(connection.next());
    byte[] message = ChatConnection.message("hello");
    for (int i = 0; i < message.length; i++) {
      assertNull(connection.next());
      peer.send(new byte[] {message[i]});
      assertEquals(inputs, Select.select(inputs, List.of(), List.of(), Bounds.WAIT).rlist());
      assertTrue(connection.receive());
    }
    assertEquals("hello", connection.next());
    peer.endOutput();
    assertEquals(inputs, Select.select(inputs, List.of(), List.of(), Bounds.WAIT).rlist());
    assertFalse(connection.receive());
  }
}
