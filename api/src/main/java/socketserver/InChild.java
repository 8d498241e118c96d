package socketserver;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import socketserver.spi.Children;
import socketserver.spi.ForkedRequest;

/**
 * A request that was handed to a child process, as the server and its users see it.
 *
 * @param children whose child it is
 * @param request the request
 * @param clientAddress where it came from
 * @param since when it was handed over
 */
record InChild(Children children, ForkedRequest request, SocketAddress clientAddress, Instant since)
    implements RunningRequest {
  boolean hasEnded() {
    return request.hasEnded();
  }

  @Override
  public Thread thread() {
    return null;
  }

  @Override
  public OptionalLong pid() {
    return request.pid();
  }

  @Override
  public long bytesIn() {
    return 0;
  }

  @Override
  public long bytesOut() {
    return 0;
  }

  @Override
  public Duration waitingFor() {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    children.end(request, false);
  }

  @Override
  public void abort() {
    children.end(request, true);
  }

  @Override
  public String toString() {
    OptionalLong pid = pid();
    return "request from "
        + clientAddress
        + (pid.isPresent() ? " in child process " + pid.getAsLong() : ", which waits for a child");
  }
}
