package socketserver.multiplexing;

import static socketserver.select.Epoll.EPOLLET;
import static socketserver.select.Epoll.EPOLLIN;
import static socketserver.select.Epoll.EPOLLONESHOT;
import static socketserver.select.Epoll.EPOLLOUT;
import static socketserver.select.Epoll.EPOLLRDHUP;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random steps on random connections: epoll tells the same here and in CPython, after each. */
@Timeout(120)
class RandomStepsTest {
  private static final int RUNS = 2;
  private static final int PAIRS = 4;
  private static final int STEPS = 120;
  private static final int MOST_BYTES = 3_000;

  /** What the steps that come next may rely on. */
  private static final class Model {
    final int number;
    final boolean tcp;
    boolean open = true;
    boolean registered;
    boolean ended;
    boolean full;

    /** Registered to be told of changes. */
    boolean edges;

    /** The peer has cut the connection off, and nobody has been told. */
    boolean lost;

    /** There is nothing more to be done with what arrives. */
    boolean over;

    /** How many bytes there are to read; what filled the peer's buffers is not counted. */
    int there;

    Model(int number, boolean tcp) {
      this.number = number;
      this.tcp = tcp;
    }
  }

  private final List<Model> models = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();

  @Test
  void descriptorsAreToldAsInPython() throws IOException {
    runAll(true);
  }

  @Test
  void whatEventLoopsReadIsToldAsInPython() throws IOException {
    runAll(false);
  }

  private void runAll(boolean descriptors) throws IOException {
    for (int i = 0; i < RUNS; i++) {
      long seed = System.nanoTime();
      models.clear();
      steps.clear();
      try (PythonSteps python = PythonSteps.start();
          OurSteps ours = new OurSteps(descriptors)) {
        run(new Random(seed), descriptors, python, ours);
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + ", after\n" + String.join("\n", steps) + "\n" + e.getMessage(), e);
      }
    }
  }

  private void run(Random random, boolean descriptors, PythonSteps python, OurSteps ours)
      throws IOException {
    for (int i = 0; i < PAIRS; i++) {
      boolean tcp = random.nextBoolean();
      step(tcp ? "pair tcp" : "pair unix", python, ours);
      models.add(new Model(2 * i, tcp));
      models.add(new Model(2 * i + 1, tcp));
    }
    for (int i = 0; i < STEPS; i++) {
      String step = next(random, descriptors);
      if (step != null) {
        step(step, python, ours);
      }
    }
  }

  private void step(String step, PythonSteps python, OurSteps ours) throws IOException {
    steps.add(step);
    String expected = python.step(step);
    steps.set(steps.size() - 1, step + " -> " + expected);
    ours.step(step, expected);
  }

  /** Chooses something that can be done, or nothing. */
  private String next(Random random, boolean descriptors) {
    Model it = models.get(random.nextInt(models.size()));
    Model peer = models.get(it.number ^ 1);
    if (!it.open) {
      return null;
    }
    boolean talks = peer.open && !it.ended && !it.full && !it.lost && !it.over;
    switch (random.nextInt(14)) {
      case 0, 1, 2:
        if (it.registered && random.nextInt(3) == 0) {
          it.registered = false;
          it.edges = false;
          return "unregister " + it.number;
        }
        String how = it.registered ? "modify " : "register ";
        it.registered = true;
        // how often it changes while full buffers empty themselves is nobody's to say
        boolean settled = !it.full && !peer.full;
        int mask = mask(random, descriptors && settled, settled);
        it.edges = (mask & EPOLLET) != 0;
        return how + it.number + " " + mask;
      case 3, 4, 5:
        if (!talks) {
          return null;
        }
        int count = 1 + random.nextInt(MOST_BYTES);
        peer.there += count;
        return "write " + it.number + " " + count;
      case 6, 7:
        if (it.there == 0 || it.lost || peer.full) {
          return null;
        }
        int some = random.nextBoolean() ? it.there : 1 + random.nextInt(it.there);
        it.there -= some;
        return "read " + it.number + " " + some;
      case 8:
        if (!talks || it.edges || peer.edges || random.nextInt(3) > 0) {
          return null;
        }
        it.full = true;
        return "fill " + it.number;
      case 9:
        if (!peer.full || it.lost) {
          return null;
        }
        it.there = 0;
        peer.full = false;
        return "drain " + it.number;
      case 10:
        if (it.lost && it.there == 0) {
          it.lost = false;
          it.over = true;
          return "error " + it.number;
        }
        boolean atEnd = (peer.ended || !peer.open) && it.there == 0 && !peer.full;
        return atEnd && !it.lost ? "end " + it.number : null;
      case 11:
        if (it.ended || !peer.open || it.lost || it.over || random.nextInt(4) > 0) {
          return null;
        }
        if (it.full && !descriptors) {
          // the end waits for what is kept in this process
          return null;
        }
        it.ended = true;
        return "half " + it.number;
      case 12:
        return random.nextInt(4) > 0 ? null : close(it, peer, descriptors);
      default:
        return random.nextInt(6) > 0 ? null : reset(it, peer, descriptors);
    }
  }

  private static String reset(Model it, Model peer, boolean descriptors) {
    if (!it.tcp || it.full || peer.full) {
      return null;
    }
    if (!descriptors && it.ended) {
      // an event loop that has seen the end does not learn what comes after it
      return null;
    }
    it.open = false;
    // unless it is over already, or the peer has the end, which is all that it then reads
    peer.lost |= peer.open && !it.lost && !it.over && !it.ended;
    return "reset " + it.number;
  }

  private static String close(Model it, Model peer, boolean descriptors) {
    boolean unread = it.there > 0 || peer.full;
    if (it.full || unread && (!descriptors || peer.there > 0)) {
      return null;
    }
    if (!descriptors && !it.tcp && !peer.ended) {
      // the system says of a Unix peer's close that it is one; an event loop sees only an end
      return null;
    }
    it.open = false;
    if (unread && !it.lost && !it.over) {
      // who leaves something unread cuts the connection off
      peer.lost = peer.open && !it.ended;
      peer.full = false;
    }
    return "close " + it.number;
  }

  private static int mask(Random random, boolean edges, boolean oneShots) {
    int mask = 0;
    mask |= random.nextInt(4) > 0 ? EPOLLIN : 0;
    mask |= random.nextInt(2) > 0 ? EPOLLOUT : 0;
    mask |= random.nextInt(2) > 0 ? EPOLLRDHUP : 0;
    mask |= edges && random.nextInt(4) == 0 ? EPOLLET : 0;
    mask |= oneShots && random.nextInt(5) == 0 ? EPOLLONESHOT : 0;
    return mask;
  }
}
