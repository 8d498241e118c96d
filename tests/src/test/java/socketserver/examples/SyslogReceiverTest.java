package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The receiver of syslog messages. */
@Timeout(180)
@SuppressWarnings("try") // a server is there to be asked by its path
class SyslogReceiverTest {
  @TempDir private Path folder;
  private Path path;
  private final Output out = new Output();

  @BeforeEach
  void choosePath() {
    path = folder.resolve("log.sock");
  }

  private Serving serving() throws Exception {
    return new Serving(SyslogReceiver.server(path, out.stream()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<13>Nov 21 06:00:00 tag: message | user.notice tag: message",
        "<13>Nov  1 06:00:00 tag[12]: message | user.notice tag[12]: message",
        "<36>Nov 21 06:00:00 tag: a  b | auth.warning tag: a  b",
        "<0>tag: message | kern.emerg tag: message",
        "<11>without a tag | user.err without a tag",
        "<191>tag: last | local7.debug tag: last",
        "<13>1 2026-11-21T06:46:15.906537+00:00 vm tag - - - message | user.notice tag: message",
        "<27>1 - - tag 12 - [a b=\"1\"] message | daemon.err tag[12]: message",
        "<27>1 - - tag 12 - [a b=\"\\]] \\\"\"][c] message | daemon.err tag[12]: message",
        "<27>1 - - tag 12 ID [a] | 'daemon.err tag[12]: '",
        "<27>1 - - tag 12 ID - | 'daemon.err tag[12]: '",
        "<27>1 - - - - - - \uFEFFmessage | daemon.err -: message",
      })
  void showsThePriorityTheTagAndTheText(String data, String line) {
    assertEquals(line, SyslogReceiver.line(data));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "message",
        "13 message",
        "<>message",
        "<13",
        "<013>message",
        "<00>message",
        "<192>message",
        "<999>message",
        "<1000>message",
        "<-1>message",
        "<\u0661>message",
        "<13>1 - - tag - - [a message",
        "<13>1 - - tag - - [a]message",
        "<13>1 - - tag - - [a b=\"\\",
        "<13>1 - - tag - - -[a] message",
        "<13>1 - - tag",
        "<13>2 - - tag - - - message",
      })
  void whatMakesNoSenseIsShownAfterAQuestionMark(String data) {
    assertEquals("? " + data, SyslogReceiver.line(data));
  }

  @Test
  void noClientForgesALine() {
    assertEquals(
        "user.notice a\\u{a}kern.emerg b\\u{d}\\u{1b}[2J\\u{85}\\u{2028}\\u{202e}\\u{9}\\u{0}c",
        SyslogReceiver.line("<13>a\nkern.emerg b\r\u001b[2J\u0085\u2028\u202e\t\u0000c"));
    assertEquals("? a\\u{a}b", SyslogReceiver.line("a\nb"));
  }

  @Test
  void theEndThatSomeProgramsSendIsNoPartOfTheText() {
    assertEquals("user.notice a", SyslogReceiver.line("<13>a\n\u0000"));
  }

  @Test
  void theLongestMessagesAreReadWhateverIsInThem() {
    for (String part :
        List.of("[", "]", "\"", "\\", "[a]", "[a b=\"\\\\\"]", "\n", "\u0000a", " ")) {
      String text = part.repeat(100_000);
      for (String before : List.of("<13>1 - - a - - ", "<13>", "")) {
        assertEquals(1, SyslogReceiver.line(before + text).lines().count());
        assertEquals(1, SyslogReceiver.line(before + text + "a").lines().count());
      }
    }
  }

  @Test
  void showsWhatLoggerSendsInBothForms() throws Exception {
    Tool.LOGGER.required();
    try (var server = serving()) {
      log("-t", "tag", "hello world");
      assertEquals("user.notice tag: hello world\n", out.until("\n"));
      log("-t", "tag", "-p", "daemon.err", "欢迎");
      assertEquals("daemon.err tag: 欢迎\n", out.until("\n"));
      log("--rfc5424", "-t", "tag", "-p", "local3.debug", "hello world");
      assertEquals("local3.debug tag: hello world\n", out.until("\n"));
      log("--rfc5424=nohost", "-t", "tag", "--id=17", "--msgid", "ID", "hello");
      assertEquals("user.notice tag[17]: hello\n", out.until("\n"));
      log("-t", "tag", "a\u001b[2Jb");
      assertEquals("user.notice tag: a\\u{1b}[2Jb\n", out.until("\n"));
    }
    assertEquals(5, out.text().lines().count(), out.text());
  }

  private void log(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("logger", "--socket-errors=on", "-u", path.toString(), "-d"));
    command.addAll(List.of(words));
    try (var logger = Program.command(command)) {
      assertEquals("", logger.errors.rest());
      assertEquals(0, logger.status());
    }
  }

  @Test
  void showsWhatSocatSends() throws Exception {
    Tool.SOCAT.required();
    try (var server = serving();
        var socat = Program.command(List.of("socat", "-", "UNIX-SENDTO:" + path))) {
      socat.type("<13>tag: message");
      assertEquals("user.notice tag: message\n", out.until("\n"));
      socat.type("hello");
      assertEquals("? hello\n", out.until("\n"));
      socat.endInput();
      // nothing is answered
      assertEquals("", socat.output.rest());
      assertEquals("", socat.errors.rest());
      assertEquals(0, socat.status());
    }
  }

  @Test
  void showsWhatPythonsSysLogHandlerSends() throws Exception {
    Tool.PYTHON.required();
    String script =
        """
        import logging, logging.handlers, sys
        handler = logging.handlers.SysLogHandler(sys.argv[1])
        handler.ident = "app: "
        logging.getLogger().addHandler(handler)
        logging.error("first\\nsecond")
        """;
    try (var server = serving();
        var python = Program.command(List.of("python3", "-c", script, path.toString()))) {
      assertEquals("", python.errors.rest());
      assertEquals(0, python.status());
      assertEquals("user.err app: first\\u{a}second\n", out.until("\n"));
    }
  }

  @Test
  void theProgramPrintsAtOnceAndRemovesItsFileWhenItIsTerminated() throws Exception {
    Tool.LOGGER.required();
    try (var program = Program.java(SyslogReceiver.class, path.toString())) {
      assertEquals("receiving on " + path + "\n", program.output.until("\n"));
      log("-t", "tag", "hello");
      assertEquals("user.notice tag: hello\n", program.output.until("\n"));
      program.terminate();
      assertEquals(0, program.status());
      assertFalse(Files.exists(path));
      assertEquals("", program.errors.rest());
    }
  }

  @Test
  void aSecondReceiverDoesNotTakeThePathAway() throws Exception {
    try (var server = serving();
        var program = Program.java(SyslogReceiver.class, path.toString())) {
      assertEquals(1, program.status());
      String complaint = program.errors.rest();
      assertTrue(complaint.startsWith("error: ") && complaint.contains(path.toString()), complaint);
      assertEquals(1, complaint.lines().count(), complaint);
    }
  }
}
