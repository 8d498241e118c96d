package socketserver.diesel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import socketserver.fixture.Eventually;
import socketserver.fixture.Strategy;

/** What tests of loops share: they run with each kind of threads, and leave none behind. */
public abstract class LoopsTest {
  private final Strategy strategy;

  protected LoopsTest(Strategy strategy) {
    this.strategy = strategy;
  }

  @BeforeParameterizedClassInvocation
  static void skipWhatThisJavaCannotDo(Strategy strategy) {
    strategy.assumeWorksHere();
  }

  @BeforeEach
  final void chooseThreads() {
    System.setProperty(LoopThreads.PROPERTY, strategy.word());
  }

  @AfterEach
  final void awaitTheEndOfThreads() {
    System.clearProperty(LoopThreads.PROPERTY);
    Eventually.holds(() -> "no thread is left of " + alive(), () -> alive().isEmpty());
  }

  static List<String> alive() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("diesel-"))
        .toList();
  }

  /** Runs a loop and other things to the loop's end; throws what it has thrown. */
  protected static void run(LoopBody main, Object... others) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Loop loop =
        new Loop(
            () -> {
              try {
                main.run();
              } catch (TerminateLoop e) {
                failure.set(new AssertionError("the loop was ended", e));
              } catch (Throwable e) {
                failure.set(e);
              }
              Diesel.quickstop();
            });
    List<Object> things = new ArrayList<>(List.of(others));
    things.add(loop);
    Application application = new Application();
    Thread runner =
        new Thread(
            () -> {
              try {
                Diesel.start(application, things.toArray());
              } catch (Throwable e) {
                failure.compareAndSet(null, e);
              }
            },
            "runner");
    runner.setDaemon(true);
    runner.start();
    try {
      Eventually.ends(runner);
    } finally {
      application.halt();
      application.discard();
    }
    if (failure.get() instanceof Exception e) {
      throw e;
    }
    if (failure.get() instanceof Error e) {
      throw e;
    }
  }
}
