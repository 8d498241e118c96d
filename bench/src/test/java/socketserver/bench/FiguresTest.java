package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told of many figures. */
class FiguresTest {
  private static Figures of(int... values) {
    Figures figures = new Figures();
    IntStream.of(values).forEach(figures::add);
    return figures;
  }

  @Test
  void haveAMiddleAndEndsInWhateverOrderTheyCame() {
    Figures figures = of(5, 1, 4, 2, 3);
    assertEquals(3, figures.median());
    assertEquals(1, figures.least());
    assertEquals(5, figures.most());
    assertEquals(5, figures.count());
  }

  @Test
  void areThatFigureIfThereIsOne() {
    Figures figures = of(7);
    assertEquals(7, figures.median());
    assertEquals(7, figures.percentile(90));
  }

  @Test
  void haveASlowTenth() {
    assertEquals(91, of(IntStream.rangeClosed(1, 100).toArray()).percentile(90));
  }
}
