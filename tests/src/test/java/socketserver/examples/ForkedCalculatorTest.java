package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calculator, whose clients may break what they like of their own. */
@Timeout(240)
class ForkedCalculatorTest {
  /** Long enough for a client that waits for another. */
  private static final String PATIENT = "200";

  @ParameterizedTest
  @CsvSource({
    "1 + 2 * 3, 7",
    "(1 + 2) * 3, 9",
    "2 ** 3 ** 2, 512",
    "-2 ** 2, -4",
    "7 - 2 - 1, 4",
    "7 / 2, 3",
    "-7 % 5, 3",
    "20!, 2432902008176640000",
    "3!!, 720",
    "2 ** 100, 1267650600228229401496703205376",
    "1 / 0, error: BigInteger divide by zero",
    "2 ** -1, error: Negative exponent",
    "(1, error: a bracket is not closed",
    "1 + x, error: unexpected x",
    "1 + , error: unexpected end",
    "'', error: unexpected end"
  })
  void calculatesWithWholeNumbers(String line, String answer) {
    assertEquals(answer, ForkedCalculator.answer(line));
  }

  @Test
  void whatOneClientBreaksNoOtherNotices() throws Exception {
    ForkedEchoTest.needForking();
    try (var program = Program.java(ForkedCalculator.class, PATIENT, "0")) {
      int port = program.port();
      try (var bystander = new Peer(port)) {
        assertEquals("", ask(port, "2 ** 1000000000"));
        program.errors.until(" ended with status 3 while it handled the request from ");
        assertEquals("", ask(port, "(".repeat(100_000)));
        program.errors.until("java.lang.StackOverflowError");
        assertEquals("720\n", ask(port, "6!"));

        bystander.send("6 * 7\n");
        assertEquals("42\n", bystander.readToEnd());
      }
    }
  }

  @Test
  void whoTakesTooLongGetsNoAnswer() throws Exception {
    ForkedEchoTest.needForking();
    try (var program = Program.java(ForkedCalculator.class, "5", "0")) {
      int port = program.port();
      assertEquals("", ask(port, "1000000!"));
      program.errors.until(" is killed: it has taken too long");
      assertEquals("42\n", ask(port, "6 * 7"));
    }
  }

  private static String ask(int port, String line) throws Exception {
    try (var peer = new Peer(port)) {
      peer.send(line + "\n");
      return peer.readToEnd();
    }
  }
}
