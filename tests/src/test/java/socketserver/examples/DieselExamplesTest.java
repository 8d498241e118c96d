package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Diesel's own examples, which end by themselves. */
@Timeout(120)
class DieselExamplesTest {
  @Test
  void aServerAndItsClientExchangeFiveThousandRequestsInOneProcess() throws Exception {
    try (var program = Program.java(DieselCombined.class, "--port=0")) {
      String printed = program.output.rest();
      assertTrue(printed.matches("5000 loops in \\d+\\.\\d\\ds\n"), printed);
      assertEquals(0, program.status());
    }
  }

  @Test
  void everyMessageArrivesThatIsFiredWhileTheOtherWaits() throws Exception {
    try (var program = Program.java(DieselFire.class)) {
      String printed = program.output.rest();
      assertTrue(
          printed.matches(
              "10000\n"
                  + "20000\n"
                  + "30000\n"
                  + "40000\n"
                  + "50000\n"
                  + "50,000 messages in \\d+\\.\\d{3}s \\d+\\.\\d/s\n"),
          printed);
      assertEquals(0, program.status());
    }
  }

  @Test
  void theRacersStartWithTheShot() throws Exception {
    try (var program = Program.java(DieselRace.class)) {
      assertEquals(
          "Ready...\nSet...\n ~~~~~~~~~ BANG ~~~~~~~~~ \n"
              + "CHAAARGE!\n".repeat(8)
              + " ~~~~~~~~~ RACE OVER ~~~~~~~~~ \n",
          program.output.rest());
      assertEquals(0, program.status());
    }
  }
}
