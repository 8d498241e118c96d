package socketserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the variables of sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3) mean. */
class SystemdEnvironmentTest {
  private static final long PID = 42;

  /** An environment of names and values, by turns. */
  private static SystemdEnvironment of(String... words) {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      variables.put(words[i], words[i + 1]);
    }
    return new SystemdEnvironment(variables, PID);
  }

  @Test
  void withoutVariablesThereIsNothing() throws IOException {
    assertEquals(List.of(), of().socketNames());
    assertNull(of().notifySocket());
    assertNull(of().watchdog());
  }

  @Test
  void namesAreInOrderAndMayBeTheSame() throws IOException {
    var environment =
        of("LISTEN_PID", "42", "LISTEN_FDS", "3", "LISTEN_FDNAMES", "web:control:web");
    assertEquals(List.of("web", "control", "web"), environment.socketNames());
  }

  @Test
  void aSocketWithoutNamesIsUnknown() throws IOException {
    assertEquals(
        List.of("unknown", "unknown"), of("LISTEN_PID", "42", "LISTEN_FDS", "2").socketNames());
  }

  @Test
  void whatWasPassedToAnotherProcessIsNotOurs() throws IOException {
    assertEquals(List.of(), of("LISTEN_PID", "41", "LISTEN_FDS", "1").socketNames());
    assertEquals(List.of(), of("LISTEN_FDS", "1").socketNames());
    assertNull(of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "41").watchdog());
  }

  @ParameterizedTest
  @CsvSource({
    "x, LISTEN_FDS is no number that systemd would write: x",
    "-1, LISTEN_FDS is no number that systemd would write: -1",
    "2147483647, LISTEN_FDS is no number that systemd would write: 2147483647",
  })
  void aCountThatIsNoneIsNamed(String count, String message) {
    var environment = of("LISTEN_PID", "42", "LISTEN_FDS", count);
    assertEquals(message, assertThrows(IOException.class, environment::socketNames).getMessage());
  }

  @Test
  void namesThatDoNotFitTheCountAreNamed() {
    var environment = of("LISTEN_PID", "42", "LISTEN_FDS", "1", "LISTEN_FDNAMES", "a:b");
    assertEquals(
        "LISTEN_FDNAMES has 2 names, and LISTEN_FDS says that there are 1 descriptors: a:b",
        assertThrows(IOException.class, environment::socketNames).getMessage());
  }

  @Test
  void whoWantsToBeToldHasAPathOrAnAbstractName() throws IOException {
    assertEquals(
        UnixAddress.of("/run/systemd/notify"),
        of("NOTIFY_SOCKET", "/run/systemd/notify").notifySocket());
    assertEquals(UnixAddress.of("\0name"), of("NOTIFY_SOCKET", "@name").notifySocket());
    assertEquals(
        "NOTIFY_SOCKET is neither a path nor an abstract name: vsock:2:1234",
        assertThrows(IOException.class, of("NOTIFY_SOCKET", "vsock:2:1234")::notifySocket)
            .getMessage());
  }

  @Test
  void theWatchdogCountsMicroseconds() throws IOException {
    assertEquals(
        Duration.ofSeconds(30), of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "42").watchdog());
    assertEquals(Duration.ofMillis(1), of("WATCHDOG_USEC", "1000").watchdog());
    assertNull(of("WATCHDOG_USEC", "0").watchdog());
    assertThrows(IOException.class, of("WATCHDOG_USEC", "9223372036854775807")::watchdog);
  }
}
