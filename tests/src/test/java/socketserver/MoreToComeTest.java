package socketserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import socketserver.spi.StreamEndpoint;

/** What a transport is told with each write: whether the answers to more requests will follow. */
class MoreToComeTest {
  /** Notes what is written, and with what hint; everything to read is there at once. */
  private static final class Recording implements InvocationHandler {
    final List<String> written = new ArrayList<>();
    final ByteArrayInputStream arrived;
    final int room;

    Recording(String arrived, int room) {
      this.arrived = new ByteArrayInputStream(arrived.getBytes(UTF_8));
      this.room = room;
    }

    StreamEndpoint endpoint() {
      Class<?>[] types = {StreamEndpoint.class};
      return (StreamEndpoint) Proxy.newProxyInstance(getClass().getClassLoader(), types, this);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws IOException {
      return switch (method.getName()) {
        case "isOpen" -> true;
        case "close" -> null;
        case "fileno" -> -1;
        case "available" -> arrived.available();
        case "receive" -> arrived.readNBytes((int) arguments[0]);
        case "read" -> arrived.read((byte[]) arguments[0], (int) arguments[1], (int) arguments[2]);
        case "write" -> write(arguments);
        default -> throw new UnsupportedOperationException(method.toString());
      };
    }

    private int write(Object[] arguments) {
      int length = Math.min((int) arguments[2], room);
      String text = new String((byte[]) arguments[0], (int) arguments[1], length, UTF_8);
      written.add(arguments.length == 5 && (boolean) arguments[4] ? text + " and more" : text);
      return length;
    }
  }

  private final Recording recording = new Recording("one\ntwo\nthree\n", 100);
  private final StreamSocket socket = StreamSocket.accepted(recording.endpoint());

  @Test
  void moreFollowsWhileTheReaderHoldsAnotherLine() throws IOException {
    SocketReader reader = socket.makefileReader(-1);
    SocketWriter writer = socket.unbufferedWriter();
    for (byte[] line : reader) {
      writer.write(new String(line, UTF_8).strip());
    }
    assertEquals(List.of("one and more", "two and more", "three"), recording.written);
  }

  @Test
  void everyWayOfWritingSaysSo() throws IOException {
    SocketReader reader = socket.makefileReader(-1);
    reader.readline();
    socket.send("send".getBytes(UTF_8));
    socket.sendall("sendall");
    SocketWriter buffered = socket.makefileWriter(-1);
    buffered.write("buffered");
    buffered.flush();
    assertEquals(
        List.of("send and more", "sendall and more", "buffered and more"), recording.written);
  }

  @Test
  void nothingFollowsForASocketWithoutReaders() throws IOException {
    socket.sendall("greeting");
    assertEquals(List.of("greeting"), recording.written);
  }

  @Test
  void whatHasArrivedButWasNotReadAheadDoesNotCount() throws IOException {
    SocketReader unbuffered = socket.makefileReader(0);
    unbuffered.readline();
    socket.sendall("answer");
    assertEquals(List.of("answer"), recording.written);
  }

  @Test
  void anyReaderCounts() throws IOException {
    SocketReader first = socket.makefileReader(-1);
    SocketReader second = socket.makefileReader(-1);
    second.readline();
    socket.sendall("a");
    second.close();
    socket.sendall("b");
    assertEquals(List.of("a and more", "b"), recording.written);
    first.close();
  }

  @Test
  void everyPieceOfALongWriteSaysTheSame() throws IOException {
    Recording narrow = new Recording("one\ntwo\n", 2);
    StreamSocket slow = StreamSocket.accepted(narrow.endpoint());
    SocketReader reader = slow.makefileReader(-1);
    reader.readline();
    slow.sendall("abc");
    reader.readline();
    slow.sendall("def");
    assertEquals(List.of("ab and more", "c and more", "de", "f"), narrow.written);
  }

  @Test
  void aTransportThatKnowsNoHintWritesAllTheSame() throws Throwable {
    StreamEndpoint endpoint = recording.endpoint();
    Method hinting =
        StreamEndpoint.class.getMethod(
            "write", byte[].class, int.class, int.class, long.class, boolean.class);
    Object count =
        InvocationHandler.invokeDefault(
            endpoint, hinting, "answer".getBytes(UTF_8), 0, 6, -1L, true);
    assertEquals(6, count);
    assertEquals(List.of("answer"), recording.written);
  }
}
