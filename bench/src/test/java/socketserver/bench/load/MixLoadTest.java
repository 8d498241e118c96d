package socketserver.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Short lines beside those that make a server compute. */
class MixLoadTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  /** Answers one kind of line alone. */
  private static final class Choosy extends LineServer {
    private final boolean computes;

    Choosy(boolean computes) throws IOException {
      this.computes = computes;
    }

    @Override
    void joined(OutputStream client) {
      // whoever it is
    }

    @Override
    void said(byte[] line, OutputStream client) throws IOException {
      if (computes == (line[0] == 'c')) {
        client.write(line);
      }
    }
  }

  @Test
  void countsShortLinesWhateverTheOthersWaitFor() throws Exception {
    try (Choosy server = new Choosy(false);
        Load load = new MixLoad(server.target(), 2, 1)) {
      Count count = load.run(SHORT);
      for (int i = 0; i < 600 && count.latencies().getTotalCount() == 0; i++) {
        count = load.run(SHORT);
      }
      assertTrue(count.latencies().getTotalCount() > 0);
    }
  }

  @Test
  void countsNoneThatWasComputed() throws Exception {
    try (Choosy server = new Choosy(true);
        Load load = new MixLoad(server.target(), 2, 1)) {
      assertEquals(0, load.run(SHORT).requests());
    }
  }
}
