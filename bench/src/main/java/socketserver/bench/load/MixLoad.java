package socketserver.bench.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Short lines beside others that make the server compute, each kind on connections of its own and
 * driven by a thread of its own. The short ones alone are counted.
 */
public final class MixLoad implements Load {
  private static final char COMPUTE = 'c';

  private final ExecutorService beside = Executors.newSingleThreadExecutor();
  private final LineLoad lines;
  private final LineLoad computed;

  /**
   * Connects, and sends the first lines.
   *
   * @param target the server that computes for lines that begin with a {@code c}
   * @param connections how many send short lines
   * @param computing how many send the others
   * @throws IOException if one cannot connect
   */
  public MixLoad(Target target, int connections, int computing) throws IOException {
    this.lines = new LineLoad(target, connections, 1);
    try {
      this.computed = new LineLoad(target, computing, 1, Lines.window(1).put(0, (byte) COMPUTE));
    } catch (IOException | RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  @Override
  public Count run(Duration time) throws IOException {
    Future<Count> computing = beside.submit(() -> computed.run(time));
    try {
      return lines.run(time);
    } finally {
      await(computing);
    }
  }

  private static void await(Future<Count> computing) throws IOException {
    try {
      computing.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    beside.shutdown();
    try {
      lines.close();
    } finally {
      computed.close();
    }
  }
}
