package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.StreamRequestHandler;

/** What the words of the command line mean. */
class OptionsTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  private int run(String... words) throws Exception {
    return Bench.run(
        new PrintStream(said, true, StandardCharsets.UTF_8),
        new PrintStream(complained, true, StandardCharsets.UTF_8),
        words);
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds 0, --rounds 0: must be 1 to 99",
    "--rounds 100, --rounds 100: must be 1 to 99",
    "--rounds five, --rounds",
    "--seconds 0, --seconds 0.0: must be more than 0",
    "--seconds -1, --seconds -1.0: must be more than 0",
    "--workload lines-64;line-64, --workload line-64: no such workload",
    "--jdk nowhere, --jdk nowhere: no JDK is there",
    "--handler A --strategy virtual;thread, --strategy thread: no such strategy",
    "--handler A --connections 0, --connections 0: must be 1 to",
    "--handler A --depth 1001, --depth 1001: must be 1 to",
    "--handler A --workload udp, --workload [udp]: does not go with --handler",
    "--strategy virtual, need --handler",
    "--quick --check, --check: does not go with --quick",
    "--connections 5, need --handler",
    "--report ., is a folder",
    "--fast, --fast",
    "lines, lines"
  })
  void areRefusedWithTheOneThatIsWrong(String line, String complaint) throws Exception {
    assertEquals(2, run(line.replace(';', ',').split(" ")));
    assertTrue(text(complained).contains(complaint), text(complained));
    assertEquals("", text(said));
  }

  @Test
  void showTheirHelp() throws Exception {
    assertEquals(0, run("--help"));
    for (String option :
        new String[] {
          "--workload",
          "--list",
          "--quick",
          "--rounds",
          "--seconds",
          "--jdk",
          "--check",
          "--report",
          "--json",
          "--handler",
          "--strategy",
          "--connections",
          "--depth",
          "--class-path"
        }) {
      assertTrue(text(said).contains(option), option);
    }
  }

  @Test
  void showTheWorkloadsAndWhoTakesPart() throws Exception {
    assertEquals(0, run("--list"));
    for (String workload :
        new String[] {
          "lines-1 ",
          "lines-64",
          "lines-1000",
          "pipelined-64",
          "connect ",
          "connect-one",
          "bulk-in",
          "bulk-out",
          "udp",
          "unix-lines-64",
          "unix-pipelined",
          "unix-datagrams",
          "idle",
          "tls-64",
          "chat",
          "cold",
          "mix",
          "forking"
        }) {
      assertTrue(text(said).contains("\n" + workload) || text(said).startsWith(workload), workload);
    }
    assertTrue(text(said).contains("CPython threading"), text(said));
    for (String workload : Catalogue.NOT_AT_A_GLANCE) {
      assertTrue(
          text(said).matches("(?s).*\\b" + workload + " [^\n]*\\(not in a --quick run\\).*"),
          workload);
    }
  }

  @Test
  void areFiveRoundsUnlessTheyAreQuick() {
    Effort full = Effort.full(null, null);
    Effort quick = Effort.quick(null, null);
    assertAll(
        () -> assertEquals(5, full.rounds()),
        () -> assertEquals(2_000, full.measured().toMillis()),
        () -> assertEquals(10_000, full.idle()),
        () -> assertEquals(1L << 30, full.bulkBytes()),
        () -> assertEquals(1, quick.rounds()),
        () -> assertEquals(3, Effort.quick(3, 0.5).rounds()),
        () -> assertEquals(500, Effort.quick(3, 0.5).measured().toMillis()));
  }

  @Test
  void measureAHandlerThatIsNotThereWithTheReasonAndAStatus(@TempDir Path place) throws Exception {
    Path report = place.resolve("made/report.html");
    int status =
        run(
            "--handler=com.acme.Missing",
            "--strategy=threading",
            "--quick",
            "--jdk=" + System.getProperty("java.home"),
            "--report=" + report,
            "--json=" + place.resolve("report.json"));
    assertEquals(1, status, text(said));
    assertTrue(text(said).contains("did not start: "), text(said));
    assertTrue(text(said).contains("com.acme.Missing"), text(said));
    assertTrue(Files.readString(report).contains("com.acme.Missing"));
  }

  @Test
  void skipVirtualThreadsOnAJavaWithoutThemAndSaySo(@TempDir Path place) throws Exception {
    Path jdk = JdksTest.jdk(place, "17.0.9");
    int status =
        run(
            "--workload=mix",
            "--jdk=" + jdk,
            "--report=" + place.resolve("report.html"),
            "--json=" + place.resolve("report.json"));
    assertEquals(0, status, text(said));
    for (String server : new String[] {"socketserver virtual", "socketserver eventloop"}) {
      assertTrue(
          text(said).matches("(?s).*" + server + " \\(17\\) +skipped: needs Java 21 or later.*"),
          text(said));
    }
  }

  /** A handler of the user's own, which is not this library's. */
  public static final class OwnEcho extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  @Test
  void measureAHandlerOfTheUsersOwn(@TempDir Path place) throws Exception {
    Path json = place.resolve("figures.json");
    int status =
        run(
            "--handler=" + OwnEcho.class.getName(),
            "--strategy=threading",
            "--connections=3",
            "--quick",
            "--rounds=2",
            "--seconds=0.05",
            "--jdk=" + System.getProperty("java.home"),
            "--report=" + place.resolve("report.html"),
            "--json=" + json);
    assertEquals(0, status, text(said));
    List<String> looks = text(said).lines().filter(line -> line.contains("no comparison")).toList();
    assertEquals(2, looks.size(), text(said));
    assertEquals(looks.get(0), text(said).lines().toList().get(3));
    assertTrue(text(said).stripTrailing().endsWith(looks.get(1)), text(said));
    assertFalse(text(said).contains("Targets"), text(said));
    JsonNode outcome = new ObjectMapper().readTree(json.toFile()).at("/results/0/outcomes/0");
    assertTrue(outcome.get("failure").isNull(), outcome.toString());
    assertEquals(2, outcome.get("samples").size());
    assertTrue(outcome.at("/samples/1/requests").asInt() > 0, outcome.toString());
    assertTrue(outcome.at("/samples/1/seconds").asDouble() > 0, outcome.toString());
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
