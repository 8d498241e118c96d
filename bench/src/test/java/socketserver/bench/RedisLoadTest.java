package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What redis-benchmark says. */
class RedisLoadTest {
  @Test
  void hasARateForEachTest() throws IOException {
    String csv =
        """
        "test","rps","avg_latency_ms"
        "SET","696.62","2.225"
        "GET","1659.41","5.560"
        """;
    assertEquals(List.of(696.62, 1659.41), RedisLoad.rates(csv));
  }

  @Test
  void isToldWhereItIsNoRate() {
    for (String said : List.of("", "\"test\",\"rps\"\n", "\"test\"\n\"SET\",\"nan?\"\n")) {
      var failure = assertThrows(IOException.class, () -> RedisLoad.rates(said));
      assertTrue(failure.getMessage().startsWith("redis-benchmark said: "));
    }
  }
}
