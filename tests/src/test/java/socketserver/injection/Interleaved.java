package socketserver.injection;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.agent.ByteBuddyAgent;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.spi.VirtualThreads;

/**
 * The program that stops a thread at each step on its way to a wait, lets another thread do what
 * ends the wait, and has the first go on. Does what lines on its standard input ask for.
 */
final class Interleaved {
  private static final int WARM_UP = 3;

  private final Wait wait;
  private final Wake wake;
  private final boolean virtual;

  private Interleaved(Wait wait, Wake wake, boolean virtual) {
    this.wait = wait;
    this.wake = wake;
    this.virtual = virtual;
  }

  public static void main(String[] arguments) throws Exception {
    Steps.insert(ByteBuddyAgent.getInstrumentation());
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      var interleaved =
          new Interleaved(
              Wait.valueOf(words[0]), Wake.valueOf(words[1]), words[2].equals("virtual"));
      Child.tell(interleaved.run(Integer.parseInt(words[3]), Long.parseLong(words[4])));
    }
  }

  /**
   * Stops the thread that comes here until it may go on. It waits in a monitor, as a lock would
   * take the permit that an unpark has left for it; an interrupt is kept for later.
   */
  private static final class Pause implements Runnable {
    // Guarded by this

    private boolean begun;
    private boolean over;

    @Override
    public synchronized void run() {
      begun = true;
      boolean interrupted = false;
      while (!over) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized boolean hasBegun() {
      return begun;
    }

    synchronized void end() {
      over = true;
      notifyAll();
    }
  }

  /** Tries so many steps, spread over all from a random one on. */
  private String run(int rounds, long seed) {
    try {
      long steps = 0;
      for (int i = 0; i < WARM_UP; i++) {
        steps = pauseAt(Long.MAX_VALUE);
      }
      long before = Descriptors.sockets();
      long stride = Math.max(1, steps / rounds);
      long first = 1 + (long) (new Random(seed).nextDouble() * stride);
      for (long at = first; at <= steps; at += stride) {
        pauseAt(at);
      }
      Eventually.holds(
          () -> Descriptors.sockets() + " sockets are open, before " + before,
          () -> Descriptors.sockets() <= before);
      return Injected.WELL;
    } catch (Throwable e) {
      return Injected.text(e);
    }
  }

  /** Returns how many steps there were until the thread waited, or was stopped. */
  private long pauseAt(long at) throws Exception {
    Pause pause = new Pause();
    Injection injection = new Injection("a pause", pause, at);
    try (Wait.Scene scene = wait.open()) {
      CompletableFuture<String> outcome = new CompletableFuture<>();
      CountDownLatch armed = new CountDownLatch(1);
      Thread waiter =
          start(
              () -> {
                injection.arm();
                armed.countDown();
                outcome.complete(outcome(scene));
              });
      Eventually.opens("the thread has begun", armed);
      Eventually.holds("it waits", () -> pause.hasBegun() || Eventually.isWaiting(waiter));
      final long steps = injection.steps();
      Thread waker = Background.start("ends the wait", () -> endWait(scene, waiter));
      Eventually.holds(
          "that is done, or waits for the other",
          () -> !waker.isAlive() || Eventually.isWaiting(waker));
      pause.end();
      check(outcome.get(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS));
      Eventually.ends(waker);
      return steps;
    } catch (Throwable e) {
      AssertionError failure = new AssertionError(wait + ", " + wake + ", step " + at, e);
      if (injection.happened() != null) {
        failure.addSuppressed(injection.happened());
      }
      throw failure;
    } finally {
      Injection.disarm();
      pause.end();
    }
  }

  private Thread start(Runnable work) {
    Thread thread = virtual ? VirtualThreads.unstarted(work) : new Thread(work, "waits");
    if (!virtual) {
      thread.setDaemon(true);
    }
    thread.start();
    return thread;
  }

  private static String outcome(Wait.Scene scene) {
    try {
      return scene.await();
    } catch (IOException | RuntimeException e) {
      return e.getClass().getSimpleName();
    } finally {
      Injection.disarm();
    }
  }

  private void endWait(Wait.Scene scene, Thread waiter) throws IOException {
    switch (wake) {
      case CLOSED -> scene.socket().close();
      case INTERRUPTED -> waiter.interrupt();
      default -> scene.wake(wake);
    }
  }

  private void check(String outcome) {
    Set<String> expected = wait.outcomes().get(wake);
    if (!expected.contains(outcome)) {
      throw new AssertionError("expected one of " + expected + ": " + outcome);
    }
  }
}
