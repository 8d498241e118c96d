package socketserver.diesel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a Diesel program is: services and loops, of which one runs at a time, and one event loop
 * that serves them (Python: {@code diesel.Application}). There is one in a process until its {@link
 * #run()} has returned.
 *
 * <p>On Java 21 and later loops are virtual threads; with {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED} on Java 24 and later the event loop itself runs them, which
 * costs least. On Java 17 they are platform threads. The property {@code
 * socketserver.diesel.threads}, {@code platform}, {@code virtual} or {@code eventloop}, asks for
 * one kind. What a program does is the same with each.
 */
public class Application {
  private static final Logger LOGGER = LoggerFactory.getLogger(Application.class);

  /** How long the end of an application waits for loops, and for calls, that do not end. */
  private static final long END_MILLIS = 5000;

  private static final AtomicReference<Application> CURRENT = new AtomicReference<>();

  private enum State {
    NEW,
    RUNNING,
    ENDED
  }

  private final CountDownLatch halted = new CountDownLatch(1);
  private final Object lock = new Object();

  // Guarded by lock

  private State state = State.NEW;
  private final List<Loop> loops = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();

  // Written by the thread of run() before anything runs

  private volatile Network network;
  private volatile Scheduler scheduler;
  private volatile SystemThreads systemThreads;

  /**
   * Makes the application of this process.
   *
   * @throws IllegalStateException if there is one already that has not run to its end
   */
  public Application() {
    this(false);
  }

  /**
   * Makes an application.
   *
   * @param allowAppReplacement whether it may take the place of one that has not run to its end
   *     (Python: {@code allow_app_replacement})
   * @throws IllegalStateException if it may not, and there is one
   */
  public Application(boolean allowAppReplacement) {
    if (allowAppReplacement) {
      CURRENT.set(this);
    } else if (!CURRENT.compareAndSet(null, this)) {
      throw new IllegalStateException(
          "only one application in a process: run the other to its end, or allow its replacement");
    }
  }

  /**
   * Returns the application of this process (Python: {@code diesel.runtime.current_app}).
   *
   * @return the one that was made last
   * @throws IllegalStateException if there is none, or it has run to its end
   */
  public static Application current() {
    Application application = CURRENT.get();
    if (application == null) {
      throw new IllegalStateException("there is no application: make one, or use quickstart");
    }
    return application;
  }

  /** Whether the application of this process runs. */
  static boolean runs() {
    Application application = CURRENT.get();
    return application != null && application.isIn(State.RUNNING);
  }

  private boolean isIn(State wanted) {
    synchronized (lock) {
      return state == wanted;
    }
  }

  /**
   * Adds a service (Python: {@code add_service(service)}). It binds when the application runs; at
   * once if it does so already.
   *
   * @param service what is to be served
   * @throws java.io.UncheckedIOException if it cannot bind
   * @throws IllegalStateException if the application has ended, or the service was added before
   */
  public void addService(Service service) {
    service.join(this);
    synchronized (lock) {
      checkNotEnded();
      services.add(service);
      if (state == State.NEW) {
        return;
      }
    }
    service.open();
  }

  /**
   * Adds a loop, behind those that were added before (Python: {@code add_loop(loop)}).
   *
   * @param loop what is to run
   * @throws IllegalStateException as {@link #addLoop(Loop, boolean, boolean)}
   */
  public void addLoop(Loop loop) {
    addLoop(loop, false, loop.keepAlive());
  }

  /**
   * Adds a loop (Python: {@code add_loop(loop, front, keep_alive)}). It starts when the application
   * runs; if it does so already, when its turn comes. From any thread.
   *
   * @param loop what is to run
   * @param front whether before those that were added before; of no effect once the application
   *     runs, as in Python
   * @param keepAlive whether it starts again when it has ended; see {@link Loop#keepAlive()}
   * @throws IllegalStateException if the application has ended, or the loop was added before
   */
  public void addLoop(Loop loop, boolean front, boolean keepAlive) {
    loop.join(this);
    loop.keepAlive(keepAlive);
    synchronized (lock) {
      checkNotEnded();
      if (state == State.NEW) {
        loops.add(front ? 0 : loops.size(), loop);
        return;
      }
    }
    Loop current = Loop.currentOrNull();
    if (current != null && current.application() == this) {
      loop.start();
    } else {
      scheduler.post(loop::start);
    }
  }

  private void checkNotEnded() {
    if (state == State.ENDED) {
      throw new IllegalStateException("the application has ended");
    }
  }

  /**
   * Does what is to be done when all services listen, before the first loop runs (Python: {@code
   * setup()}). On the thread of {@link #run()}. Does nothing unless overridden.
   */
  public void setup() {}

  /**
   * Runs the application: binds its services, calls {@link #setup()}, starts its loops, and waits
   * until it is halted. When it returns, or throws, nothing is left of it: no thread, no socket. An
   * interrupt of this thread halts the application.
   *
   * @throws java.io.UncheckedIOException if a service cannot bind
   * @throws IllegalStateException if it has run before
   */
  public void run() {
    boolean interrupted = false;
    synchronized (lock) {
      if (state != State.NEW) {
        throw new IllegalStateException("an application runs once");
      }
      state = State.ENDED;
      prepare();
      state = State.RUNNING;
    }
    try {
      start();
      halted.await();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      interrupted |= end();
      CURRENT.compareAndSet(this, null);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Makes what loops and services need. */
  private void prepare() {
    try {
      network = new Network();
      scheduler = new Scheduler(network.loop(), LoopThreads.chosen(network.loop()));
      systemThreads = new SystemThreads(scheduler);
    } catch (RuntimeException | Error e) {
      if (network != null) {
        network.stop();
      }
      discard();
      throw e;
    }
  }

  /** Binds and starts everything. This thread holds the baton until the first loop may run. */
  private void start() {
    try {
      LOGGER.info("Starting diesel <{}>", network.channels().mechanism());
      List<Loop> first;
      List<Service> served;
      synchronized (lock) {
        first = List.copyOf(loops);
        served = List.copyOf(services);
      }
      served.forEach(Service::open);
      first.forEach(Loop::start);
      setup();
    } catch (Throwable e) {
      halted.countDown();
      throw e;
    } finally {
      if (halted.getCount() == 0) {
        scheduler.halt();
      }
      scheduler.handOn();
    }
  }

  /** Ends everything. Whether this thread was interrupted meanwhile. */
  private boolean end() {
    List<Service> served;
    synchronized (lock) {
      state = State.ENDED;
      served = List.copyOf(services);
    }
    served.forEach(Service::close);
    boolean interrupted = Thread.interrupted();
    try {
      endLoops();
      systemThreads.close(END_MILLIS);
      network.close();
    } catch (InterruptedException e) {
      interrupted = true;
      network.stop();
    }
    LOGGER.info("Ending diesel application");
    return interrupted;
  }

  private void endLoops() throws InterruptedException {
    AtomicReference<List<Thread>> threads = new AtomicReference<>(List.of());
    scheduler.post(
        () -> {
          threads.set(scheduler.threads());
          scheduler.halt();
        });
    if (!scheduler.ended().await(END_MILLIS, TimeUnit.MILLISECONDS)) {
      LOGGER.warn(
          "{} has not ended {} ms after the application was halted: it computes, or waits for"
              + " something that is not Diesel's; it is left behind",
          scheduler.turn(),
          END_MILLIS);
      return;
    }
    for (Thread thread : threads.get()) {
      thread.join(END_MILLIS);
    }
  }

  /**
   * Ends the application: {@link #run()} returns (Python: {@code halt()}). Its services stop to
   * listen. What each loop waits for, now or later, throws an error that is a {@link
   * TerminateLoop}, so that {@code finally} is run; loops that have not begun never do. What was
   * sent leaves, if that takes no longer than a second.
   *
   * <p>In a loop of the application this does not return, as in Python: it throws such an error.
   * From any other thread it returns at once. Idempotent.
   */
  public void halt() {
    halted.countDown();
    Loop loop = Loop.currentOrNull();
    if (loop != null && loop.application() == this) {
      LOGGER.info("-- ApplicationEnd raised.. exiting main loop --");
      scheduler.halt();
      throw new ApplicationEnd();
    }
  }

  /** An application that is never to run gives its place back. */
  void discard() {
    CURRENT.compareAndSet(this, null);
  }

  Network network() {
    return network;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SystemThreads systemThreads() {
    return systemThreads;
  }
}
