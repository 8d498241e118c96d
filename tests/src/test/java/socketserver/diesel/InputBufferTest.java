package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What has arrived and was not read, compared with a text that does the same. */
class InputBufferTest {
  private static final long SEED = 20_150_301;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What the buffer should give; null if the demand is not met. */
  private static String expected(StringBuilder model, Demand demand) {
    int length;
    if (demand.sentinel() != null) {
      String sentinel = new String(demand.sentinel(), StandardCharsets.ISO_8859_1);
      int at = model.indexOf(sentinel);
      length = at < 0 ? 0 : at + sentinel.length();
    } else if (demand.count() > 0) {
      length = demand.count() <= model.length() ? demand.count() : 0;
    } else {
      length = model.length();
    }
    if (length == 0) {
      return null;
    }
    String taken = model.substring(0, length);
    model.delete(0, length);
    return taken;
  }

  @Test
  void whateverArrivesHoweverItIsReadNoByteIsLostOrMoved() {
    Random random = new Random(SEED);
    InputBuffer buffer = new InputBuffer();
    StringBuilder model = new StringBuilder();
    Demand[] demands = {
      Demand.until(bytes("\r\n")), Demand.until(bytes("aab")), Demand.until(bytes("a")), Demand.ANY
    };
    for (int step = 0; step < 50_000; step++) {
      if (random.nextBoolean()) {
        StringBuilder data = new StringBuilder();
        int length = random.nextInt(100) == 0 ? 5000 : 1 + random.nextInt(6);
        for (int i = 0; i < length; i++) {
          data.append("ab\r\n".charAt(random.nextInt(4)));
        }
        model.append(data);
        buffer.add(bytes(data.toString()));
      } else {
        int kind = random.nextInt(12);
        Demand demand =
            kind < 4 ? demands[kind == 3 && random.nextInt(4) > 0 ? 0 : kind] : count(random);
        Object taken = buffer.take(demand);
        String expected = expected(model, demand);
        String where = "step " + step + " of seed " + SEED;
        if (expected == null) {
          assertNull(taken, where);
        } else {
          assertArrayEquals(bytes(expected), (byte[]) taken, where);
        }
      }
      assertEquals(model.length(), buffer.size());
    }
  }

  private static Demand count(Random random) {
    return Demand.bytes(1 + random.nextInt(random.nextInt(50) == 0 ? 3000 : 8));
  }

  @Test
  void aSentinelThatComesByteByByteIsFound() {
    InputBuffer buffer = new InputBuffer();
    for (String part : new String[] {"x", "\r", "\r", "\n", "y"}) {
      buffer.add(bytes(part));
    }

    assertEquals("x\r\r\n", buffer.take(Demand.LINE));
    assertNull(buffer.take(Demand.LINE));
    assertArrayEquals(bytes("y"), buffer.takeAll());
  }
}
