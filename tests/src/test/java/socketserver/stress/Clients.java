package socketserver.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import socketserver.fixture.Background;

/** Many clients at once, each in a thread. */
final class Clients {
  /** A slow machine may take its time; nothing that works takes this long. */
  private static final int BOUND_SECONDS = 120;

  private Clients() {}

  /** What one client does. */
  @FunctionalInterface
  interface Client {
    void run(int number) throws Exception;
  }

  /** Runs them to their end; fails with the first failure. */
  static void run(int count, Client client) throws Exception {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      running.add(
          Background.ask(
              "client " + number,
              () -> {
                client.run(number);
                return null;
              }));
    }
    for (CompletableFuture<Void> one : running) {
      one.get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
  }
}
