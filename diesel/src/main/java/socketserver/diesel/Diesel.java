package socketserver.diesel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Diesel's functions, for {@code import static socketserver.diesel.Diesel.*} (Python: {@code from
 * diesel import ...}). But for {@link #forkFromThread}, {@link #quickstart}, {@link #quickstop} and
 * {@link #isRunning} they are for the code of a loop, and throw an {@link IllegalStateException}
 * elsewhere.
 *
 * <pre>{@code
 * void hello(InetSocketAddress remote) throws Exception {
 *   send("who are you?\r\n");
 *   String name = untilEol();
 *   send("hello " + name);
 * }
 *
 * quickstart(new Service(this::hello, 8000));
 * }</pre>
 *
 * <p><b>What waits.</b> {@link #sleep()}, {@link #waitFor}, {@link #first(First) first}, {@link
 * #thread}, and the reading functions unless what they ask for is there already. They let other
 * loops run, and throw {@link ParentDiedException} if the loop's parent has ended meanwhile, and an
 * error that is a {@link TerminateLoop} if the application has halted. All else ({@link #send},
 * {@link #fire}, {@link #fork}) returns at once, and no other loop runs meanwhile.
 *
 * <p><b>Text and bytes.</b> Python 2's {@code str} is both. Here a text is sent in UTF-8; what is
 * read up to a text is a text, decoded from UTF-8, and what is read up to bytes is bytes.
 */
public final class Diesel {
  /** The priority of what is sent without one. */
  private static final int PRIORITY = 5;

  private Diesel() {}

  // Input and output

  /**
   * Sends bytes with priority 5 (Python: {@code send(data)}).
   *
   * @param data the bytes, which are copied
   * @throws ConnectionClosed if the connection is closed
   * @throws IOException as {@link #send(byte[], int)}
   */
  public static void send(byte[] data) throws IOException {
    send(data, PRIORITY);
  }

  /**
   * Sends a text with priority 5 (Python: {@code send(data)}).
   *
   * @param data the text, sent in UTF-8
   * @throws ConnectionClosed if the connection is closed
   * @throws IOException as {@link #send(byte[], int)}
   */
  public static void send(String data) throws IOException {
    send(data, PRIORITY);
  }

  /**
   * Sends a text (Python: {@code send(data, priority)}).
   *
   * @param data the text, sent in UTF-8
   * @param priority as in {@link #send(byte[], int)}
   * @throws ConnectionClosed if the connection is closed
   * @throws IOException as {@link #send(byte[], int)}
   */
  public static void send(String data, int priority) throws IOException {
    connection().send(data.getBytes(StandardCharsets.UTF_8), priority);
  }

  /**
   * Sends bytes on the current connection (Python: {@code send(data, priority)}). Does not wait, as
   * a rule: they leave when the loop waits next, or ends, all that was sent until then at once.
   * What has not left yet is overtaken by what has a higher priority. A datagram goes to the sender
   * of the one that was received last.
   *
   * <p>Memory is needed for what a slow peer has not taken: while more than 1 MiB (property {@code
   * socketserver.diesel.maxPipeline}, in bytes) has not left, or all connections together hold as
   * much as they may (property {@code socketserver.maxBuffered}), the loop waits, and others run,
   * until the peer has taken some. Python's never waits, and takes all the memory there is.
   *
   * @param data the bytes, which are copied
   * @param priority which go first: 5 is usual, higher ones go before. Of no effect on datagrams
   * @throws ConnectionClosed if the connection is closed
   * @throws IOException if it cannot be sent
   * @throws ParentDiedException if it waits and its parent ends
   * @throws IllegalStateException if the loop has no connection
   */
  public static void send(byte[] data, int priority) throws IOException {
    connection().send(data.clone(), priority);
  }

  /**
   * Receives a number of bytes (Python: {@code receive(n)}). Waits until all of them are there;
   * memory is taken for what has arrived.
   *
   * @param count how many, one at least
   * @return exactly so many bytes
   * @throws ConnectionClosed if the connection ends before; what is there stays in its {@code
   *     buffer()}
   * @throws IllegalStateException if the loop has no connection
   */
  public static byte[] receive(int count) throws ConnectionClosed {
    return (byte[]) input(Demand.bytes(count));
  }

  /**
   * Receives what there is (Python: {@code receive()}). Waits if that is nothing.
   *
   * @return one byte at least
   * @throws ConnectionClosed if the connection has ended
   * @throws IllegalStateException if the loop has no connection
   */
  public static byte[] receive() throws ConnectionClosed {
    return (byte[]) input(Demand.ANY);
  }

  /**
   * Receives a datagram, in a loop of a {@link UDPService} or a call of a {@link UDPClient}
   * (Python: {@code receive(datagram)}). Sending answers its sender from then on.
   *
   * @return the datagram
   * @throws ConnectionClosed if the socket is closed
   * @throws IllegalStateException if the loop has no connection, or that is a stream
   */
  public static Datagram datagram() throws ConnectionClosed {
    return (Datagram) input(Demand.DATAGRAM);
  }

  /**
   * Receives bytes up to a sentinel (Python: {@code until(sentinel)}). Waits for that.
   *
   * @param sentinel what ends them
   * @return the bytes with the sentinel
   * @throws ConnectionClosed if the connection ends before; what is there stays in its {@code
   *     buffer()}. Also if there is no sentinel within 1 MiB (property {@code
   *     socketserver.diesel.maxUntil}, in bytes), and then closes the connection
   * @throws IllegalStateException if the loop has no connection
   */
  public static byte[] until(byte[] sentinel) throws ConnectionClosed {
    return (byte[]) input(Demand.until(sentinel));
  }

  /**
   * Receives a text up to a sentinel (Python: {@code until(sentinel)}). Waits for that.
   *
   * @param sentinel what ends it, in UTF-8
   * @return the text with the sentinel; what is no UTF-8 is replaced
   * @throws ConnectionClosed as {@link #until(byte[])}
   * @throws IllegalStateException if the loop has no connection
   */
  public static String until(String sentinel) throws ConnectionClosed {
    return (String) input(Demand.until(sentinel));
  }

  /**
   * Receives a line, up to CR LF (Python: {@code until_eol()}). A line feed alone does not end it.
   *
   * @return the line with its CR LF; what is no UTF-8 is replaced
   * @throws ConnectionClosed as {@link #until(byte[])}
   * @throws IllegalStateException if the loop has no connection
   */
  public static String untilEol() throws ConnectionClosed {
    return (String) input(Demand.LINE);
  }

  private static Object input(Demand what) throws ConnectionClosed {
    Connection connection = connection();
    Object there = connection.take(what);
    if (there != null) {
      return there;
    }
    Wait wait = Wait.begin();
    connection.await(wait, what);
    return connection.received(wait.await().value());
  }

  private static Connection connection() {
    Loop loop = Loop.current();
    loop.checkInterruption();
    Connection connection = loop.connections().peek();
    if (connection == null) {
      throw new IllegalStateException(
          loop + " has no connection: it is no service's, and this is no client's call");
    }
    return connection;
  }

  // Waiting

  /** Lets the other loops that are ready run (Python: {@code sleep()}). */
  public static void sleep() {
    sleep(Duration.ZERO);
  }

  /**
   * Waits for a time (Python: {@code sleep(seconds)}).
   *
   * @param time how long; zero lets the other loops that are ready run
   * @throws IllegalArgumentException if it is negative
   */
  public static void sleep(Duration time) {
    Wait.begin().sleep(time).await();
  }

  /**
   * Waits until an event is fired (Python: {@code wait(event)}, a name that in Java is {@link
   * Object#wait()}'s).
   *
   * @param event a text, a {@link Waiter}, or another object; objects that are equal are one event
   * @return the value that was fired, which may be null; what the {@link Waiter} gives
   */
  public static Object waitFor(Object event) {
    Objects.requireNonNull(event, "event is null");
    return Wait.begin().event(event).await().value();
  }

  /**
   * Fires an event with null (Python: {@code fire(event)}).
   *
   * @param event what is waited for
   */
  public static void fire(Object event) {
    fire(event, null);
  }

  /**
   * Wakes all loops of the application that wait for an event now (Python: {@code fire(event,
   * value)}). They run when this loop waits. If none waits it is lost, and so is a second one
   * before those that the first has woken wait again.
   *
   * @param event a text, a {@link Waiter}, or another object; objects that are equal are one event
   * @param value what they get
   */
  public static void fire(Object event, Object value) {
    Objects.requireNonNull(event, "event is null");
    Loop.current().scheduler().waits().fire(event, value);
  }

  /**
   * Waits for whichever comes first, and forgets the others: nothing is taken for those (Python:
   * {@code first(...)}).
   *
   * @param of what to wait for
   * @return what came, and its value
   * @throws ConnectionClosed if it waits for input, and the connection ends before any of it comes
   * @throws IllegalStateException if it waits for input, and the loop has no connection
   */
  public static Fired first(First of) throws ConnectionClosed {
    Demand demand = of.demand();
    if (demand == null) {
      return of.addTo(Wait.begin()).await();
    }
    Connection connection = connection();
    Object there = connection.take(demand);
    if (there != null) {
      return new Fired(demand.token(), there);
    }
    Wait wait = Wait.begin();
    connection.await(wait, demand);
    Fired fired = of.addTo(wait).await();
    if (fired.by(demand.token())) {
      connection.received(fired.value());
    }
    return fired;
  }

  /**
   * Waits for events, but not for ever (Python: {@code first(sleep=time, waits=events)}).
   *
   * @param time how long at the most
   * @param events texts, {@link Waiter}s, or other objects
   * @return the event that was fired and its value, or {@link First#SLEEP} and true
   * @throws IllegalArgumentException if the time is negative
   */
  public static Fired first(Duration time, Object... events) {
    return new First().waits(events).sleep(time).addTo(Wait.begin()).await();
  }

  /**
   * Calls something that blocks, or computes for long, in a thread of the system, and waits for it
   * (Python: {@code thread(f, ...)}). None of these functions can be called there but {@link
   * #forkFromThread}.
   *
   * @param <T> what it returns
   * @param work what is to be called
   * @return what it has returned
   * @throws Exception what it has thrown
   */
  public static <T> T thread(Callable<T> work) throws Exception {
    Wait wait = Wait.begin();
    return Loop.current().application().systemThreads().call(work, wait);
  }

  // Loops

  /**
   * Starts another loop, which runs when this one waits (Python: {@code fork(f, ...)}). It has no
   * connection.
   *
   * @param body what it runs
   * @return the loop
   */
  public static Loop fork(LoopBody body) {
    Loop loop = Loop.current();
    loop.checkInterruption();
    Loop made = new Loop(body);
    made.join(loop.application());
    made.start();
    return made;
  }

  /**
   * Starts another loop as {@link #fork} does, which does not outlive this one: when this one ends,
   * for whatever reason, what the other waits for throws {@link ParentDiedException} (Python:
   * {@code fork_child(f, ...)}). One that has not run yet by then is not told, as in Python.
   *
   * @param body what it runs
   * @return the loop
   */
  public static Loop forkChild(LoopBody body) {
    Loop made = fork(body);
    Loop.current().addChild(made);
    return made;
  }

  /**
   * Starts a loop of the application that runs, from any thread (Python: {@code fork_from_thread(f,
   * ...)}).
   *
   * @param body what it runs
   * @return the loop
   * @throws IllegalStateException if there is no application
   */
  public static Loop forkFromThread(LoopBody body) {
    Loop loop = new Loop(body);
    Application.current().addLoop(loop);
    return loop;
  }

  /**
   * Says what the log calls this loop (Python: {@code label(text)}).
   *
   * @param text the label
   */
  public static void label(String text) {
    Loop.current().label(text);
  }

  // Applications

  /**
   * Makes an application, adds things to it, and runs it until it is halted (Python: {@code
   * quickstart(...)}).
   *
   * @param things {@link Service}s, {@link Loop}s, {@link LoopBody}s to make loops of, and
   *     collections of these. Beside other things a lambda has to be given to a {@code new Loop}.
   *     Python's Thunk is a {@link java.util.concurrent.Callable} that returns one of these
   * @throws IllegalArgumentException if it is something else
   * @throws IllegalStateException if there is an application already
   * @throws java.io.UncheckedIOException if a service cannot bind
   */
  public static void quickstart(Object... things) {
    start(new Application(), things);
  }

  /** Adds things to an application and runs it. */
  static void start(Application application, Object... things) {
    try {
      for (Object thing : things) {
        add(application, thing);
      }
    } catch (RuntimeException | Error e) {
      application.discard();
      throw e;
    }
    application.run();
  }

  /**
   * Makes an application of loops, and runs it until it is halted (Python: {@code quickstart(f,
   * ...)}).
   *
   * @param bodies what the loops run
   * @throws IllegalStateException if there is an application already
   */
  public static void quickstart(LoopBody... bodies) {
    quickstart((Object[]) bodies);
  }

  private static void add(Application application, Object thing) {
    if (thing instanceof Service service) {
      application.addService(service);
    } else if (thing instanceof Loop loop) {
      application.addLoop(loop);
    } else if (thing instanceof LoopBody body) {
      application.addLoop(new Loop(body));
    } else if (thing instanceof Collection<?> several) {
      several.forEach(one -> add(application, one));
    } else if (thing instanceof Callable<?> thunk) {
      try {
        add(application, thunk.call());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalArgumentException("a thing to start failed: " + thunk, e);
      }
    } else {
      throw new IllegalArgumentException(
          "cannot start " + thing + ": use services, loops, loop bodies, or collections of them");
    }
  }

  /**
   * Halts the application; see {@link Application#halt()} (Python: {@code quickstop()}).
   *
   * @throws IllegalStateException if there is none
   */
  public static void quickstop() {
    Application.current().halt();
  }

  /**
   * Tells whether an application runs (Python: {@code is_running()}).
   *
   * @return true from the beginning of its {@code run()} to its end
   */
  public static boolean isRunning() {
    return Application.runs();
  }
}
