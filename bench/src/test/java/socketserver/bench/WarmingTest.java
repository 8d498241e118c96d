package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a server is warm. */
class WarmingTest {
  @ParameterizedTest
  @CsvSource({
    "400 200 100 90 80, 4",
    "10 10 10, 2",
    "10 20 5, 2",
    "400 200 1.7976931348623157e308 1, 3"
  })
  void endsWhenARequestNoLongerCostsLess(String costs, int pieces) throws IOException {
    List<Double> left =
        Stream.of(costs.split(" ")).map(Double::valueOf).collect(Collectors.toList());
    int all = left.size();
    Warming.untilSteady(() -> left.remove(0));
    assertEquals(pieces, all - left.size());
  }
}
