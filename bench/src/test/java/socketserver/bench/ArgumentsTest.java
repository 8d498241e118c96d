package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.bench.Arguments.Comparison;

/** What the words of the command line mean. */
class ArgumentsTest {
  private static Arguments of(String line) {
    return Arguments.of(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "'', LINES, 5",
    "3, LINES, 3",
    "99, LINES, 99",
    "forking, FORKING, 5",
    "forking 7, FORKING, 7",
    "--help, HELP, 5",
    "forking -h, HELP, 5"
  })
  void chooseAComparisonAndItsRounds(String line, Comparison comparison, int rounds) {
    assertEquals(new Arguments(comparison, rounds), of(line));
  }

  @ParameterizedTest
  @CsvSource({
    "0, rounds must be 1 to 99: 0",
    "forking 100, rounds must be 1 to 99: 100",
    "-1, rounds must be 1 to 99: -1",
    "fork, neither a comparison nor a number of rounds: fork",
    "forking five, neither a comparison nor a number of rounds: five",
    "5 forking, one argument too many: forking",
    "forking 5 6, one argument too many: 6"
  })
  void areRefusedWithTheWordThatIsWrong(String line, String message) {
    var refused = assertThrows(IllegalArgumentException.class, () -> of(line));
    assertEquals(message, refused.getMessage());
  }
}
