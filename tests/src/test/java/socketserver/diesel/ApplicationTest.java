package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkFromThread;
import static socketserver.diesel.Diesel.quickstart;
import static socketserver.diesel.Diesel.quickstop;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.thread;
import static socketserver.diesel.Diesel.waitFor;

import ch.qos.logback.classic.Level;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Strategy;

/** How an application begins and ends. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class ApplicationTest extends LoopsTest {
  ApplicationTest(Strategy strategy) {
    super(strategy);
  }

  /** Runs an application that is halted from outside once something has happened. */
  private static void runUntil(Application application, CountDownLatch happened) {
    Thread runner = new Thread(application::run, "runner");
    runner.start();
    try {
      Eventually.opens("it happens", happened);
    } finally {
      application.halt();
      Eventually.ends(runner);
    }
  }

  @Test
  void thereIsOneInAProcess() {
    Application application = new Application();
    try {
      assertThrows(IllegalStateException.class, Application::new);
      assertEquals(application, Application.current());

      Application other = new Application(true);
      assertEquals(other, Application.current());
      other.discard();
    } finally {
      application.discard();
    }
    assertThrows(IllegalStateException.class, Application::current);
  }

  @Test
  void itRunsOnce() throws Exception {
    Application application = new Application();
    application.halt();
    application.run();

    assertThrows(IllegalStateException.class, application::run);
    assertThrows(IllegalStateException.class, () -> application.addLoop(new Loop(() -> {})));
    new Application().discard();
  }

  @Test
  void itIsRunningFromItsBeginningToItsEnd() throws Exception {
    assertFalse(Diesel.isRunning());
    run(() -> assertTrue(Diesel.isRunning()));
    assertFalse(Diesel.isRunning());
  }

  @Test
  void loopsBeginInOrderAndThoseAtTheFrontBefore() throws Exception {
    List<String> ran = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(1);
    Application application = new Application();
    application.addLoop(new Loop(() -> ran.add("a")));
    application.addLoop(new Loop(() -> ran.add("b")));
    application.addLoop(new Loop(last::countDown));
    application.addLoop(new Loop(() -> ran.add("front")), true, false);
    runUntil(application, last);

    assertEquals(List.of("front", "a", "b"), ran);
  }

  @Test
  void setupComesWhenServicesListenAndBeforeLoopsRun() throws Exception {
    List<String> ran = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(1);
    Service service = new Service(addr -> {}, 0, "127.0.0.1");
    Application application =
        new Application() {
          @Override
          public void setup() {
            ran.add("setup " + service.listening());
            addLoop(new Loop(() -> ran.add("added")));
            addLoop(new Loop(last::countDown));
          }
        };
    application.addService(service);
    application.addLoop(new Loop(() -> ran.add("loop")));
    assertFalse(service.listening());
    runUntil(application, last);

    assertEquals(List.of("setup true", "loop", "added"), ran);
    assertFalse(service.listening());
  }

  @Test
  void aSetupThatFailsLeavesNothing() throws Exception {
    Descriptors.assumeCountable();
    run(() -> {});
    int before = Descriptors.open();
    boolean[] ran = new boolean[1];
    Service service = new Service(addr -> {}, 0, "127.0.0.1");
    Application application =
        new Application() {
          @Override
          public void setup() {
            throw new IllegalStateException("no setup");
          }
        };
    application.addService(service);
    application.addLoop(new Loop(() -> ran[0] = true));

    assertEquals(
        "no setup", assertThrows(IllegalStateException.class, application::run).getMessage());
    assertFalse(ran[0]);
    assertFalse(service.listening());
    Eventually.holds("the descriptors are closed", () -> Descriptors.open() <= before);
    new Application().discard();
  }

  @Test
  void aPortThatIsInUseIsAnErrorOfRun() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      Service first = new Service(addr -> {}, 0, "127.0.0.1");
      Service second = new Service(addr -> {}, taken.getLocalPort(), "127.0.0.1");

      UncheckedIOException error =
          assertThrows(UncheckedIOException.class, () -> quickstart(first, second));

      assertEquals(
          "service at 127.0.0.1:" + taken.getLocalPort() + " cannot bind", error.getMessage());
      assertEquals(BindException.class, error.getCause().getClass());
      assertFalse(first.listening());
    }
  }

  @Test
  void nothingIsLeftWhenItHasRun() throws Exception {
    Descriptors.assumeCountable();
    run(() -> {});
    int before = Descriptors.open();
    run(
        () -> {
          fork(() -> waitFor("never"));
          fork(() -> sleep(Bounds.NEVER));
          sleep();
        },
        new Service(addr -> waitFor("never"), 0, "127.0.0.1"),
        new UDPService(() -> waitFor("never"), 0, "127.0.0.1"));

    Eventually.holds("the descriptors are closed", () -> Descriptors.open() <= before);
  }

  @Test
  void haltingALoopsApplicationEndsTheLoopThere() throws Exception {
    List<String> ran = new ArrayList<>();
    quickstart(
        () -> {
          try {
            quickstop();
            ran.add("after");
          } catch (Exception e) {
            ran.add("caught");
          } finally {
            ran.add("finally");
          }
        });

    assertEquals(List.of("finally"), ran);
  }

  @Test
  void whatLoopsWaitForEndsWithTheApplication() throws Exception {
    List<String> ended = new ArrayList<>();
    quickstart(
        () -> {
          try {
            waitFor("never");
          } catch (Exception e) {
            ended.add("caught");
          } finally {
            ended.add("waiting");
            try {
              sleep();
              ended.add("slept");
            } finally {
              ended.add("again");
            }
          }
        },
        () -> {
          fork(() -> ended.add("never begun"));
          quickstop();
        });

    assertEquals(List.of("waiting", "again"), ended);
  }

  @Test
  void aCallThatBlocksIsInterruptedByTheEnd() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    quickstart(
        () ->
            thread(
                () -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                  return null;
                }),
        () -> {
          sleep();
          sleep();
          quickstop();
        });

    Eventually.opens("it is interrupted", interrupted);
  }

  @Test
  void anInterruptOfItsThreadHaltsIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    boolean[] interrupted = new boolean[1];
    Application application = new Application();
    application.addLoop(new Loop(begun::countDown));
    Thread runner =
        new Thread(
            () -> {
              application.run();
              interrupted[0] = Thread.interrupted();
            });
    runner.start();
    Eventually.opens("it runs", begun);
    runner.interrupt();
    Eventually.ends(runner);

    assertTrue(interrupted[0]);
  }

  @Test
  void servicesAndLoopsAreAddedWhileItRuns() throws Exception {
    run(
        () -> {
          Service service = new Service(addr -> Diesel.send("hello\r\n"), 0, "127.0.0.1");
          Application.current().addService(service);
          assertTrue(service.listening());
          assertThrows(
              IllegalStateException.class, () -> Application.current().addService(service));

          try (Client client = new Client("127.0.0.1", service.port())) {
            assertEquals("hello\r\n", client.call(Diesel::untilEol));
          }
        });
  }

  @Test
  void quickstartTakesServicesLoopsBodiesListsAndThunks() throws Exception {
    List<String> ran = new ArrayList<>();
    LoopBody body = () -> ran.add("body");
    Callable<Object> thunk = () -> List.of(new Loop(() -> ran.add("of a thunk")));
    quickstart(
        List.of(body, new Loop(() -> ran.add("loop"))),
        thunk,
        new Service(addr -> {}, 0, "127.0.0.1"),
        new Loop(Diesel::quickstop));

    assertEquals(List.of("body", "loop", "of a thunk"), ran);
  }

  @Test
  void quickstartRefusesOtherThings() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> quickstart("loop")).getMessage();

    assertEquals(
        "cannot start loop: use services, loops, loop bodies, or collections of them", message);
    new Application().discard();
  }

  @Test
  void aLoopFromAThreadIsAddedWhileAnotherComputes() throws Exception {
    CountDownLatch forked = new CountDownLatch(1);
    List<String> ran = new ArrayList<>();
    run(
        () -> {
          new Thread(
                  () -> {
                    forkFromThread(() -> ran.add("forked"));
                    forked.countDown();
                  })
              .start();
          Eventually.opens("it is forked", forked);
          assertEquals(List.of(), ran, "it runs when this one waits");
          sleep();
          sleep();
          assertEquals(List.of("forked"), ran);
        });
  }

  @Test
  void beginningAndEndAreLogged() throws Exception {
    try (LogCapture log = new LogCapture()) {
      run(() -> {});

      List<String> messages = log.at(Level.INFO);
      assertTrue(messages.get(0).startsWith("Starting diesel <"), messages.get(0));
      assertEquals("-- ApplicationEnd raised.. exiting main loop --", messages.get(1));
      assertEquals("Ending diesel application", messages.get(2));
    }
  }
}
