package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.BaseRequestHandler;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadPoolMixIn.WhenFull;
import socketserver.fixture.Calls;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.mixins.PoolServers.Kind;

/** What a pool's attributes are, and what they refuse to be. */
@Timeout(60)
class ThreadPoolAttributesTest {
  private static final Executor HERE = Runnable::run;

  private static final class Silent extends BaseRequestHandler<Object> {}

  private static class Server extends QueueServer implements ThreadPoolMixIn {
    Server() {
      super(Silent::new);
    }
  }

  /** Overrides every attribute of the mix-in's own. */
  private static final class Fixed extends Server {
    @Override
    public int maxWorkers() {
      return 2;
    }

    @Override
    public int maxWaiting() {
      return 3;
    }

    @Override
    public WhenFull whenFull() {
      return WhenFull.RUN;
    }

    @Override
    public Executor executor() {
      return HERE;
    }
  }

  @Test
  void defaultsArePythonsWhereThereAreAny() {
    try (var server = new Server()) {
      int processors = Runtime.getRuntime().availableProcessors();
      assertEquals(Math.min(32, processors + 4), server.maxWorkers());
      assertEquals(server.maxWorkers(), server.maxWaiting());
      assertEquals(WhenFull.WAIT, server.whenFull());
      assertNull(server.executor());
      assertTrue(server.blockOnClose());
      assertFalse(server.daemonThreads());
    }
  }

  @Test
  void valuesThatAreSetAreReadAgain() {
    try (var server = new Server()) {
      server.maxWorkers(7);
      assertEquals(7, server.maxWaiting(), "as many as workers until it is set");
      server.maxWaiting(0);
      server.whenFull(WhenFull.REFUSE);
      server.executor(HERE);
      assertEquals(7, server.maxWorkers());
      assertEquals(0, server.maxWaiting());
      assertEquals(WhenFull.REFUSE, server.whenFull());
      assertSame(HERE, server.executor());
    }
  }

  static Stream<Arguments> setters() {
    return Stream.of(
        setter("maxWorkers", server -> server.maxWorkers(1)),
        setter("maxWaiting", server -> server.maxWaiting(1)),
        setter("whenFull", server -> server.whenFull(WhenFull.WAIT)),
        setter("executor", server -> server.executor(null)));
  }

  private static Arguments setter(String name, Consumer<ThreadPoolMixIn> setter) {
    return Arguments.of(name, setter);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("setters")
  void setterThatAnOverrideMakesUselessNamesTheClassThatOverrides(
      String name, Consumer<ThreadPoolMixIn> setter) {
    try (var server = new Fixed()) {
      IllegalStateException error =
          assertThrows(IllegalStateException.class, () -> setter.accept(server));
      assertTrue(error.getMessage().contains(name), error.getMessage());
      assertTrue(error.getMessage().contains(Fixed.class.getName()), error.getMessage());
    }
  }

  @Test
  void valuesThatCannotBeAreRefusedWithTheValue() {
    try (var server = new Server()) {
      refuses("0", () -> server.maxWorkers(0));
      refuses("-1", () -> server.maxWaiting(-1));
      assertThrows(NullPointerException.class, () -> server.whenFull(null));
    }
  }

  private static void refuses(String value, Executable setter) {
    var error = assertThrows(IllegalArgumentException.class, setter);
    assertTrue(error.getMessage().endsWith(": " + value), error.getMessage());
  }

  @Test
  void whatThePoolIsMadeOfCannotBeSetOnceARequestHasCome() throws Exception {
    try (var servers = new PoolServers(Kind.STREAM, pool -> pool.maxWorkers(2))) {
      servers.requestThatRuns();
      comesTooLate("maxWorkers", () -> servers.pool().maxWorkers(3));
      comesTooLate("executor", () -> servers.pool().executor(HERE));
    }
  }

  private static void comesTooLate(String name, Executable setter) {
    IllegalStateException error = assertThrows(IllegalStateException.class, setter);
    assertTrue(error.getMessage().contains(name), error.getMessage());
    assertTrue(error.getMessage().contains("too late"), error.getMessage());
    assertTrue(error.getMessage().contains("2 workers"), error.getMessage());
  }

  /** Overrides one attribute with what cannot be, and reports what comes of it. */
  private abstract static class Impossible extends Server {
    final List<String> errors = new CopyOnWriteArrayList<>();
    final Calls calls = new Calls();

    @Override
    public void handleError(String request, SocketAddress client, Throwable error) {
      errors.add(error.getMessage());
    }

    @Override
    public void shutdownRequest(String request) {
      calls.add("shut down");
    }

    String serve() {
      try (var running = RunningServer.start(this)) {
        offer("one", "two");
        calls.await("shut down", 2);
        assertTrue(running.thread().isAlive());
      }
      assertEquals(2, errors.size(), errors.toString());
      return errors.get(1);
    }
  }

  @Test
  void overrideThatGivesNoWorkerIsReportedForEachRequest() {
    var server =
        new Impossible() {
          @Override
          public int maxWorkers() {
            return 0;
          }

          @Override
          public int maxWaiting() {
            return 1;
          }
        };
    assertEquals("max workers must be at least 1: 0", server.serve());
  }

  @Test
  void overrideThatGivesANegativeNumberToWaitIsReported() {
    var server =
        new Impossible() {
          @Override
          public int maxWaiting() {
            return -1;
          }
        };
    assertEquals("max waiting must not be negative: -1", server.serve());
  }

  @Test
  void overrideThatGivesNoPolicyIsReported() {
    var server =
        new Impossible() {
          @Override
          public WhenFull whenFull() {
            return null;
          }
        };
    assertEquals("whenFull() returned null", server.serve());
  }

  @Test
  void mixInOnSomethingThatIsNoServerSaysSo() {
    class Nothing implements ThreadPoolMixIn {}

    var error = assertThrows(IllegalStateException.class, () -> new Nothing().maxWorkers());
    assertTrue(error.getMessage().contains("BaseServer"), error.getMessage());
  }
}
