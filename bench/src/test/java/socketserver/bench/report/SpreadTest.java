package socketserver.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What several rounds have in common. */
class SpreadTest {
  @Test
  void isTheMiddleAndTheEndsInWhateverOrderTheyCame() {
    assertEquals(new Spread(3, 1, 5), Spread.of(List.of(5d, 1d, 4d, 2d, 3d)));
  }

  @Test
  void isTheMeanOfTheTwoInTheMiddle() {
    assertEquals(new Spread(2.5, 1, 9), Spread.of(List.of(9d, 2d, 3d, 1d)));
  }

  @Test
  void isThatFigureIfThereIsOne() {
    assertEquals(new Spread(7, 7, 7), Spread.of(List.of(7d)));
  }

  @Test
  void isNotThereOfNothing() {
    assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "0.0123, 0.0123", "1.234, 1.23", "45.67, 45.7", "'1234.6', '1,235'"})
  void isWrittenForPeople(double figure, String text) {
    assertEquals(text, Numbers.text(figure));
  }

  @Test
  void isWeighedPerIdleConnection() {
    Idle idle =
        new Idle(
            List.of(new Idle.Step(0, 1_000), new Idle.Step(50, 1_300), new Idle.Step(100, 2_000)),
            0);
    assertEquals(10.0, idle.kibEach());
  }
}
