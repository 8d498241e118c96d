package socketserver.bench.forking;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A number of clients, each of which asks again as soon as it is answered. */
final class SustainedLoad {
  private SustainedLoad() {}

  /**
   * Runs the load.
   *
   * @return the answers in a second, each client's own counted from an answer to an answer: few are
   *     slow, and a part of one would be much
   */
  static double perSecond(int port, int clients, Duration warmUp, Duration measured)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      Callable<Double> client = () -> perSecond(new Client(port), warmUp, measured);
      List<Future<Double>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        running.add(threads.submit(client));
      }
      double sum = 0;
      for (Future<Double> each : running) {
        sum += each.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause().getMessage(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static double perSecond(Client client, Duration warmUp, Duration measured)
      throws IOException {
    ask(client, warmUp);
    long begin = System.nanoTime();
    int answers = ask(client, measured);
    return answers / ((System.nanoTime() - begin) / 1e9);
  }

  /** Asks at least once, and until the time is over. */
  private static int ask(Client client, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    int answers = 0;
    do {
      client.ask();
      answers++;
    } while (System.nanoTime() - end < 0);
    return answers;
  }
}
