package socketserver.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketReader;

/**
 * Random calls on a reader whose stream comes in random pieces, with random time-outs between them,
 * give what the same calls give on the whole as one array. The seed of a failure is in its message.
 */
@Timeout(120)
class SocketReaderModelTest {
  private static final int ROUNDS = 150;
  private static final int CALLS = 60;

  /** The same calls on an array: what there is to read is all there. */
  private static final class Model {
    private final byte[] data;
    private int position;

    Model(byte[] data) {
      this.data = data;
    }

    byte[] next(int count) {
      int end = (int) Math.min((long) position + count, data.length);
      byte[] bytes = Arrays.copyOfRange(data, position, end);
      position = end;
      return bytes;
    }

    byte[] line(int limit) {
      int most = limit < 0 ? Integer.MAX_VALUE : limit;
      int length = 0;
      while (position + length < data.length && length < most) {
        length++;
        if (data[position + length - 1] == '\n') {
          break;
        }
      }
      return next(length);
    }

    /** What came may be any beginning of the rest; empty only at its end. */
    void some(byte[] got, int most) {
      assertTrue(got.length <= most, got.length + " bytes where " + most + " were asked for");
      assertTrue(got.length > 0 || position == data.length || most == 0, "nothing before the end");
      assertArrayEquals(next(got.length), got);
    }

    void peeked(byte[] got) {
      assertTrue(got.length > 0 || position == data.length, "nothing before the end");
      assertArrayEquals(Arrays.copyOfRange(data, position, position + got.length), got);
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    T make() throws IOException;
  }

  /** As often as it takes: a time-out must lose nothing. */
  private static <T> T retried(Call<T> call) throws IOException {
    for (int i = 0; i < 10_000; i++) {
      try {
        return call.make();
      } catch (SocketTimeoutException e) {
        // once more
      }
    }
    throw new AssertionError("it times out for ever");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 7, 64, 8192})
  void callsGiveWhatTheyGiveOnTheWhole(int bufsize) throws IOException {
    for (int seed = 0; seed < ROUNDS; seed++) {
      try {
        round(new Random(seed), bufsize);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", buffer " + bufsize, e);
      }
    }
  }

  private static void round(Random random, int bufsize) throws IOException {
    byte[] data = randomData(random);
    Model model = new Model(data);
    Chunks chunks = randomPieces(random, data);
    SocketReader reader = new SocketReader(chunks, bufsize);
    for (int i = 0; i < CALLS; i++) {
      call(random, reader, model, bufsize != 0);
    }
    assertArrayEquals(model.next(data.length), retried(reader::readAllBytes));
    assertEquals(-1, retried(() -> reader.read()));
  }

  private static void call(Random random, SocketReader reader, Model model, boolean buffered)
      throws IOException {
    int size = random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(12);
    switch (random.nextInt(10)) {
      case 0 -> assertArrayEquals(model.line(-1), retried(reader::readline));
      case 1 -> assertArrayEquals(model.line(size), retried(() -> reader.readline(size)));
      case 2 -> {
        if (buffered) {
          assertArrayEquals(model.next(size), retried(() -> reader.read(size)));
        } else { // reads once
          model.some(retried(() -> reader.read(size)), size);
        }
      }
      case 3 -> model.some(retried(() -> reader.read1(size)), size);
      case 4 -> model.peeked(retried(() -> reader.peek(size)));
      case 5 -> {
        byte[] one = model.next(1);
        int expected = one.length == 0 ? -1 : one[0] & 0xff;
        assertEquals(expected, retried(() -> reader.read()));
      }
      case 6 -> {
        byte[] target = new byte[size + 2];
        int count = retried(() -> reader.readNBytes(target, 1, size));
        assertArrayEquals(model.next(size), Arrays.copyOfRange(target, 1, 1 + count));
      }
      case 7 -> {
        byte[] target = new byte[size + 1];
        int count = retried(() -> reader.read(target, 1, size));
        model.some(Arrays.copyOfRange(target, 1, 1 + Math.max(count, 0)), size);
      }
      case 8 -> assertArrayEquals(model.next(size), retried(() -> reader.readNBytes(size)));
      default -> {
        var lines = reader.iterator();
        byte[] expected = model.line(-1);
        assertEquals(expected.length > 0, retriedHasNext(lines));
        if (expected.length > 0) {
          assertArrayEquals(expected, lines.next());
        }
      }
    }
  }

  private static boolean retriedHasNext(java.util.Iterator<byte[]> lines) throws IOException {
    return retried(
        () -> {
          try {
            return lines.hasNext();
          } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

  /** Some lines are longer than any buffer here, some are empty, the last may have no end. */
  private static byte[] randomData(Random random) {
    int length = random.nextInt(20) == 0 ? 40_000 : random.nextInt(1500);
    int lines = random.nextInt(4) == 0 ? 5000 : 1 + random.nextInt(60);
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = random.nextInt(lines) == 0 ? (byte) '\n' : (byte) random.nextInt(256);
    }
    return data;
  }

  private static Chunks randomPieces(Random random, byte[] data) {
    Chunks chunks = new Chunks();
    int longest = random.nextBoolean() ? 5 : 3000;
    int at = 0;
    while (at < data.length) {
      int end = Math.min(at + 1 + random.nextInt(longest), data.length);
      chunks.then(Arrays.copyOfRange(data, at, end));
      at = end;
      if (random.nextInt(6) == 0) {
        chunks.thenTimeout();
      }
    }
    return chunks;
  }
}
