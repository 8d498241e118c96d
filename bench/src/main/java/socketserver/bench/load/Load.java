package socketserver.bench.load;

import java.io.IOException;
import java.time.Duration;

/**
 * Clients that drive one server: opened with all their connections, and used by one thread, which
 * may start others.
 */
public interface Load extends AutoCloseable {
  /**
   * Drives the server for a time. What was under way when an earlier run ended goes on.
   *
   * @param time how long; a load that can only count whole pieces may take longer
   * @return what the server did in it
   * @throws IOException if the server failed a client, or did not answer in time
   */
  Count run(Duration time) throws IOException;

  @Override
  void close() throws IOException;
}
