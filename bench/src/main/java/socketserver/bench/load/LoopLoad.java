package socketserver.bench.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A load whose clients are Netty's, all on one event loop. Between runs they receive what is under
 * way, and send nothing.
 */
abstract class LoopLoad implements Load {
  private final EventLoopGroup loop;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  /** Used on the loop alone, as all that follows. */
  private final List<LoopClient> clients = new ArrayList<>();

  private final List<LoopClient> resting = new ArrayList<>();
  private CompletableFuture<Void> settled = new CompletableFuture<>();

  /** Null between runs. */
  private Tally tally;

  LoopLoad(IoHandlerFactory mechanism) {
    this.loop = new MultiThreadIoEventLoopGroup(1, mechanism);
  }

  EventLoopGroup loop() {
    return loop;
  }

  /** Adds a client, which is connected, and has not asked yet. Called on the loop. */
  void join(LoopClient client) {
    clients.add(client);
    resting.add(client);
  }

  /** Counts an answer, and lets the client ask again. */
  void answered(LoopClient client, int requests, long sent) {
    if (tally != null) {
      tally.answered(requests, sent, System.nanoTime());
      client.ask();
      return;
    }
    resting.add(client);
    if (resting.size() == clients.size()) {
      settled.complete(null);
    }
  }

  void failed(Throwable cause) {
    failure.completeExceptionally(cause);
  }

  @Override
  public Count run(Duration time) throws IOException {
    onLoop(
        () -> {
          tally = new Tally(time);
          settled = new CompletableFuture<>();
          List<LoopClient> rested = List.copyOf(resting);
          resting.clear();
          rested.forEach(LoopClient::ask);
          return null;
        });
    Future<?> look = loop.scheduleWithFixedDelay(this::lookForTheForgotten, 1, 1, TimeUnit.SECONDS);
    try {
      failure.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // the run is over
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      look.cancel(false);
    }
    return onLoop(
        () -> {
          Count count = tally.count();
          tally = null;
          return count;
        });
  }

  private void lookForTheForgotten() {
    long now = System.nanoTime();
    for (LoopClient client : clients) {
      if (tally != null
          && client.waits()
          && now - Math.max(client.sent(), tally.begin()) > Waiting.LIMIT.toNanos()) {
        failed(Waiting.tooLong("no answer for one of " + clients.size() + " clients"));
      }
    }
  }

  /** Makes a call on the loop's thread, and waits for it. */
  final <T> T onLoop(Callable<T> call) throws IOException {
    try {
      return loop.submit(call).get(Waiting.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Waiting.tooLong("the clients' event loop did not come round");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits for what Netty does, for as long as for an answer. */
  static <T> T await(Future<T> future, String what) throws IOException {
    try {
      return future.get(Waiting.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Waiting.tooLong("no end of " + what);
    } catch (ExecutionException e) {
      throw new IOException(what + " failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
  }

  /**
   * Lets the answers arrive that are under way, as a server may complain of clients that vanish.
   */
  @Override
  public void close() throws IOException {
    try {
      if (!failure.isDone() && !onLoop(() -> resting.size() == clients.size())) {
        onLoop(() -> settled).get(Waiting.FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException | ExecutionException e) {
      // then it has to do without
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      await(
          loop.shutdownGracefully(0, Waiting.FAREWELL.toMillis(), TimeUnit.MILLISECONDS),
          "closing the clients");
    }
  }
}
