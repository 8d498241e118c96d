package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.untilEol;
import static socketserver.diesel.Diesel.waitFor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** Connections that are used again, closed, and limited. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class ConnectionPoolTest extends LoopsTest {
  private static final Duration SOON = Duration.ofMillis(5);

  /** What a pool holds if nobody is to be connected. */
  private static final class Pretended {
    boolean closed;
    int closings;

    void close() {
      closed = true;
      closings++;
    }

    boolean isClosed() {
      return closed;
    }
  }

  private final List<Pretended> made = new ArrayList<>();

  ConnectionPoolTest(Strategy strategy) {
    super(strategy);
  }

  private Pretended make() {
    // as connecting does
    sleep();
    Pretended connection = new Pretended();
    made.add(connection);
    return connection;
  }

  private ConnectionPool<Pretended> pool(int poolSize, int poolMax, Duration timeout) {
    return new ConnectionPool<>(
        this::make, Pretended::close, Pretended::isClosed, poolSize, poolMax, timeout);
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    var pool = new ConnectionPool<>(this::make, Pretended::close, Pretended::isClosed);
    run(
        () -> {
          Pretended first = pool.get();
          Pretended second = pool.get();
          assertNotSame(first, second);
          pool.release(first);
          assertSame(first, pool.get());
          pool.release(first);
          pool.release(second);
          assertSame(second, pool.call(connection -> connection));
          pool.with(connection -> assertSame(second, connection));

          assertEquals(2, made.size());
          assertEquals(2, pool.idle());
          assertFalse(first.closed || second.closed);
        });
  }

  @Test
  void thoseThatAreTooManyToKeepAreClosed() throws Exception {
    var pool = new ConnectionPool<>(this::make, Pretended::close, Pretended::isClosed, 2, 0);
    run(
        () -> {
          List<Pretended> used = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            used.add(pool.get());
          }
          for (Pretended connection : used) {
            pool.release(connection);
          }

          assertEquals(2, pool.idle());
          assertEquals(List.of(0, 0, 1, 1), used.stream().map(c -> c.closings).toList());
        });
  }

  @Test
  void oneThatHasFailedIsClosedAndNotGivenBack() throws Exception {
    var pool = pool(5, 1, SOON);
    run(
        () -> {
          var failure = new IOException("no answer");
          IOException thrown =
              assertThrows(
                  IOException.class,
                  () ->
                      pool.with(
                          connection -> {
                            throw failure;
                          }));
          assertSame(failure, thrown);

          assertEquals(1, made.get(0).closings);
          assertEquals(0, pool.idle());
          Pretended next = pool.get();
          assertNotSame(made.get(0), next);
          pool.release(next, true);
          assertTrue(next.closed);
        });
  }

  @Test
  void aFailureToCloseOneThatHasFailedIsSuppressed() throws Exception {
    var closing = new IOException("cannot close");
    ConnectionPool<Pretended> pool =
        new ConnectionPool<>(
            this::make,
            connection -> {
              throw closing;
            },
            Pretended::isClosed,
            5,
            1,
            SOON);
    run(
        () -> {
          IOException thrown =
              assertThrows(
                  IOException.class,
                  () ->
                      pool.call(
                          connection -> {
                            throw new IOException("no answer");
                          }));
          assertEquals(List.of(closing), List.of(thrown.getSuppressed()));
          assertEquals("no answer", thrown.getMessage());

          pool.with(connection -> {});
          assertEquals(2, made.size(), "its place was given back");
        });
  }

  @Test
  void oneThatIsClosedMeanwhileIsNotGivenToAnybody() throws Exception {
    var pool = pool(5, 2, SOON);
    run(
        () -> {
          Pretended first = pool.get();
          Pretended second = pool.get();
          pool.release(first);
          pool.release(second);
          first.closed = true;
          second.closed = true;

          Pretended third = pool.get();
          assertFalse(third.closed);
          assertEquals(3, made.size());
          assertEquals(0, pool.idle());
          third.closed = true;
          pool.release(third);
          assertEquals(0, pool.idle());
          assertEquals(List.of(0, 0, 0), made.stream().map(c -> c.closings).toList());
        });
  }

  @Test
  void noMoreThanTheMaximumAreInUse() throws Exception {
    var pool = pool(1, 3, Bounds.WAIT);
    int loops = 12;
    Countdown done = new Countdown(loops);
    int[] used = {0, 0};
    run(
        () -> {
          for (int i = 0; i < loops; i++) {
            fork(
                () -> {
                  pool.with(
                      connection -> {
                        used[0]++;
                        used[1] = Math.max(used[1], used[0]);
                        sleep();
                        sleep();
                        used[0]--;
                      });
                  done.tick();
                });
          }
          done.waitFor(Bounds.WAIT);
        });

    assertEquals(3, used[1]);
    assertEquals(0, used[0]);
    assertEquals(1, pool.idle());
    assertEquals(1, made.stream().filter(connection -> !connection.closed).count());
  }

  @Test
  void whoGetsNoneInTimeIsToldThatThePoolIsFull() throws Exception {
    var pool = pool(5, 2, SOON);
    run(
        () -> {
          pool.get();
          Pretended second = pool.get();
          String message = assertThrows(ConnectionPoolFull.class, pool::get).getMessage();
          assertEquals(
              "all 2 connections are in use, and none was given back within PT0.005S", message);

          pool.release(second);
          assertSame(second, pool.get());
          assertThrows(ConnectionPoolFull.class, () -> pool.with(connection -> {}));
        });
  }

  @Test
  void whoWaitsGetsTheOneThatIsGivenBack() throws Exception {
    var pool = pool(5, 1, Bounds.NEVER);
    run(
        () -> {
          Pretended only = pool.get();
          Queue<Pretended> got = new Queue<>();
          fork(() -> got.put(pool.get()));
          sleep();
          sleep();
          assertTrue(got.isEmpty());

          pool.release(only);
          assertSame(only, got.get());
        });
  }

  @Test
  void whoCannotConnectTakesNoPlace() throws Exception {
    ConnectionPool<Pretended> pool =
        new ConnectionPool<>(
            () -> {
              if (made.isEmpty()) {
                make();
                throw new IOException("refused");
              }
              return make();
            },
            Pretended::close,
            Pretended::isClosed,
            5,
            1,
            SOON);
    run(
        () -> {
          assertEquals("refused", assertThrows(IOException.class, pool::get).getMessage());

          assertSame(pool.get(), made.get(1));
        });
  }

  @Test
  void whoDiesLeavesItsPlace() throws Exception {
    var pool = pool(5, 1, Bounds.NEVER);
    run(
        () -> {
          fork(
              () -> {
                forkChild(() -> pool.with(connection -> sleep(Bounds.NEVER)));
                forkChild(() -> pool.with(connection -> sleep(Bounds.NEVER)));
                sleep();
                sleep();
                sleep();
                assertEquals(1, made.size(), "one uses it, and one waits for it");
                fire("in use");
              });
          waitFor("in use");

          pool.with(connection -> assertSame(made.get(1), connection));
          assertTrue(made.get(0).closed);
        });
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertEquals(
        "pool size is negative: -1",
        assertThrows(IllegalArgumentException.class, () -> pool(-1, 0, SOON)).getMessage());
    assertEquals(
        "pool maximum is negative: -2",
        assertThrows(IllegalArgumentException.class, () -> pool(5, -2, SOON)).getMessage());
    assertEquals(
        "pool time-out is negative: PT-1S",
        assertThrows(IllegalArgumentException.class, () -> pool(5, 0, Duration.ofSeconds(-1)))
            .getMessage());
  }

  private static final class EchoClient extends Client {
    EchoClient(int port) throws IOException {
      super("127.0.0.1", port);
    }

    String echo(String message) throws IOException {
      return call(
          () -> {
            send(message + "\r\n");
            return untilEol();
          });
    }
  }

  @Test
  void clientsShareConnectionsAndAClosedOneIsReplaced() throws Exception {
    List<String> served = new ArrayList<>();
    Service service =
        new Service(
            addr -> {
              served.add("connection");
              for (String line = untilEol(); !line.equals("quit\r\n"); line = untilEol()) {
                send("echo " + line);
              }
              send("bye\r\n");
            },
            0,
            "127.0.0.1");
    run(
        () -> {
          var pool =
              new ConnectionPool<>(
                  () -> new EchoClient(service.port()),
                  EchoClient::close,
                  EchoClient::isClosed,
                  2,
                  2,
                  Bounds.WAIT);
          int loops = 6;
          Countdown done = new Countdown(loops);
          for (int i = 0; i < loops; i++) {
            String message = "hello " + i;
            fork(
                () -> {
                  assertEquals(
                      "echo " + message + "\r\n", pool.call(client -> client.echo(message)));
                  done.tick();
                });
          }
          done.waitFor(Bounds.WAIT);
          assertEquals(2, served.size());
          assertEquals(2, pool.idle());

          EchoClient first = pool.get();
          EchoClient second = pool.get();
          for (EchoClient client : List.of(first, second)) {
            assertEquals("bye\r\n", client.echo("quit"));
            while (!client.isClosed()) {
              sleep(Duration.ofMillis(1));
            }
            pool.release(client);
          }
          assertEquals("echo again\r\n", pool.call(client -> client.echo("again")));
          assertEquals(3, served.size());
        },
        service);
  }
}
