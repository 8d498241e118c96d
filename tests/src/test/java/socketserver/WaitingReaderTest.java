package socketserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import socketserver.spi.StreamEndpoint;

/**
 * A connection's reader takes memory for what arrives: ten thousand that wait must not hold a
 * buffer each.
 */
class WaitingReaderTest {
  /** How much memory a reader may hold while it waits. */
  private static final int LITTLE = 2048;

  /** What arrives; whoever waits for more runs out of time, or finds the connection lost. */
  private static final class Arrivals implements InvocationHandler {
    private final List<Integer> heldWhileWaiting = new ArrayList<>();
    private byte[] arrived = {};
    private int readsBeforeLoss = Integer.MAX_VALUE;

    void arrive(byte[] bytes) {
      int before = arrived.length;
      arrived = Arrays.copyOf(arrived, before + bytes.length);
      System.arraycopy(bytes, 0, arrived, before, bytes.length);
    }

    SocketReader reader(int bufsize) throws IOException {
      Class<?>[] types = {StreamEndpoint.class};
      Object endpoint = Proxy.newProxyInstance(getClass().getClassLoader(), types, this);
      return StreamSocket.accepted((StreamEndpoint) endpoint).makefileReader(bufsize);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws IOException {
      return switch (method.getName()) {
        case "isOpen" -> true;
        case "available" -> arrived.length;
        case "close" -> null;
        case "fileno" -> -1;
        case "receive" -> receive((int) arguments[0]);
        case "read" -> read((byte[]) arguments[0], (int) arguments[1], (int) arguments[2]);
        default -> throw new UnsupportedOperationException(method.toString());
      };
    }

    /** Takes no memory before something is there. */
    private byte[] receive(int most) throws IOException {
      byte[] target = new byte[Math.min(most, arrived.length)];
      return Arrays.copyOf(target, read(target, 0, target.length));
    }

    private int read(byte[] target, int offset, int length) throws IOException {
      if (readsBeforeLoss-- == 0) {
        throw new ConnectionResetException("connection reset by peer");
      }
      if (arrived.length == 0) {
        heldWhileWaiting.add(target.length);
        throw new SocketTimeoutException("timed out");
      }
      int count = Math.min(length, arrived.length);
      System.arraycopy(arrived, 0, target, offset, count);
      arrived = Arrays.copyOfRange(arrived, count, arrived.length);
      return count;
    }

    void holdsLittleWhenItWaits(SocketReader reader) {
      heldWhileWaiting.clear();
      assertThrows(SocketTimeoutException.class, reader::readline);
      assertThrows(SocketTimeoutException.class, reader::read);
      assertThrows(SocketTimeoutException.class, () -> reader.peek(1));
      assertThrows(SocketTimeoutException.class, () -> reader.read(1 << 20));
      assertThrows(SocketTimeoutException.class, () -> reader.read1(1 << 20));
      assertThrows(SocketTimeoutException.class, reader::readAllBytes);
      assertEquals(6, heldWhileWaiting.size());
      heldWhileWaiting.forEach(held -> assertTrue(held <= LITTLE, "held " + heldWhileWaiting));
    }
  }

  private final Arrivals arrivals = new Arrivals();

  private static byte[] lines(int count) {
    var text = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      text.writeBytes(("line " + i + "\n").getBytes(UTF_8));
    }
    return text.toByteArray();
  }

  @Test
  void itHoldsLittleBeforeTheFirstByte() throws IOException {
    arrivals.holdsLittleWhenItWaits(arrivals.reader(-1));
    arrivals.holdsLittleWhenItWaits(arrivals.reader(1 << 20));
  }

  @Test
  void itHoldsLittleAfterMuchHasArrived() throws IOException {
    SocketReader reader = arrivals.reader(-1);
    arrivals.arrive(lines(5000));
    for (int i = 0; i < 5000; i++) {
      assertEquals("line " + i + "\n", reader.readline(UTF_8));
    }
    arrivals.holdsLittleWhenItWaits(reader);
    arrivals.arrive(lines(1));
    assertEquals("line 0\n", reader.readline(UTF_8));
  }

  @Test
  void itReadsAheadAsMuchAsTheBufferMayHold() throws IOException {
    byte[] text = lines(5000);
    for (int bufsize : new int[] {1, 100, 512, 513, 1000, 2048, 8192, 20_000}) {
      arrivals.arrived = text;
      SocketReader reader = arrivals.reader(bufsize);
      assertArrayEquals(Arrays.copyOf(text, bufsize), reader.peek(1), "bufsize " + bufsize);
      assertEquals(text.length - bufsize, arrivals.arrived.length);
    }
  }

  @Test
  void itReadsAheadAllThatHasArrivedIfThatIsLess() throws IOException {
    for (int count : new int[] {1, 50, 64, 65, 128, 700}) {
      byte[] text = lines(count);
      arrivals.arrived = text;
      SocketReader reader = arrivals.reader(-1);
      assertArrayEquals(text, reader.peek(1));
    }
  }

  @Test
  void whatAnErrorMeetsHalfWayIsKept() throws IOException {
    byte[] text = new byte[1000];
    Arrays.fill(text, (byte) 'x');
    arrivals.arrive(text);
    arrivals.readsBeforeLoss = 1;
    SocketReader reader = arrivals.reader(-1);
    assertThrows(ConnectionResetException.class, reader::readline);
    arrivals.arrive("\n".getBytes(UTF_8));
    assertEquals(1001, reader.readline().length);
  }

  @Test
  void aTimeOutInTheMiddleOfAReadLosesNothing() throws IOException {
    SocketReader reader = arrivals.reader(-1);
    byte[] first = lines(2000);
    arrivals.arrive(first);
    assertThrows(SocketTimeoutException.class, () -> reader.read(100_000));
    byte[] second = new byte[100_000];
    arrivals.arrive(second);
    byte[] whole = reader.read(100_000);
    assertEquals(100_000, whole.length);
    assertArrayEquals(first, Arrays.copyOf(whole, first.length));
    assertEquals(first.length, reader.read(first.length).length);
  }
}
