package socketserver;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A request that a thread of this process runs, as users see it.
 *
 * @param task the request
 */
record InThread(RequestTask task) implements RunningRequest {
  @Override
  public SocketAddress clientAddress() {
    return task.clientAddress();
  }

  @Override
  public Instant since() {
    return Instant.ofEpochMilli(task.sinceMillis());
  }

  @Override
  public Thread thread() {
    return task.thread();
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public long bytesIn() {
    if (task.request() instanceof DatagramRequest datagram) {
      return datagram.data().length;
    }
    StreamSocket connection = task.connection();
    return connection == null ? 0 : connection.traffic().in();
  }

  @Override
  public long bytesOut() {
    StreamSocket connection = task.connection();
    return connection == null ? 0 : connection.traffic().out();
  }

  @Override
  public Duration waitingFor() {
    StreamSocket connection = task.connection();
    return connection == null ? Duration.ZERO : Duration.ofNanos(connection.waitingNanos());
  }

  @Override
  public void close() {
    StreamSocket connection = task.connection();
    if (connection != null && task.isRunning()) {
      connection.end();
    }
  }

  @Override
  public void abort() {
    StreamSocket connection = task.connection();
    if (connection != null && task.isRunning()) {
      connection.abort();
    }
  }

  @Override
  public String toString() {
    Thread thread = thread();
    return "request from "
        + clientAddress()
        + (thread == null ? ", which no thread runs" : " in " + thread.getName());
  }
}
