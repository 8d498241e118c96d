package socketserver;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A request that a server has begun and not ended: what {@link BaseServer#requests()} returns. The
 * figures are those of the moment when they are asked for; of a request that has ended in the
 * meantime they are its last.
 *
 * <p>All methods may be called from any thread. None waits for the request. Two of these are equal
 * if they stand for the same request. Whoever keeps one keeps the request's socket in memory.
 */
public interface RunningRequest {
  /**
   * Returns where the request came from (Python: {@code client_address}).
   *
   * @return the client's address
   */
  SocketAddress clientAddress();

  /**
   * Returns when the server gave the request to whatever runs it.
   *
   * @return the time, by the system's clock
   */
  Instant since();

  /**
   * Returns the thread that runs the request.
   *
   * @return the thread; null while the request waits for one, if it has ended, and if a child
   *     process runs it
   */
  Thread thread();

  /**
   * Returns the child process that runs the request of a forking server.
   *
   * @return its id; empty if there is none, or the request waits for one
   */
  OptionalLong pid();

  /**
   * Returns how many bytes the handler has received from its client: of a connection, by the
   * socket's methods and through {@code rfile}; a datagram's length. What TLS adds does not count.
   * Not exact if several threads receive at the same time.
   *
   * @return the number; 0 for a request of another kind, and for one in a child process
   */
  long bytesIn();

  /**
   * Returns how many bytes the handler has sent on its connection, by the socket's methods and
   * through {@code wfile}. What a buffered {@code wfile} still holds does not count.
   *
   * @return the number; 0 for what is no connection, and for one in a child process
   */
  long bytesOut();

  /**
   * Returns for how long the handler has now been waiting for its client: to send something, or to
   * take what it is sent.
   *
   * @return the time; zero if it does not wait for the client, or that cannot be told
   */
  Duration waitingFor();

  /**
   * Ends the connection (Python: {@code close()} of an asyncio transport): both directions are shut
   * down. What was written is still sent, and then the client sees the end of the stream. The
   * handler finds the end of the stream when it reads, and a {@link BrokenPipeException} when it
   * writes; it closes the connection when it returns. Bytes that have arrived can still be read,
   * unless the handler waits for some at this moment.
   *
   * <p>A request that a child process runs is ended with the process, by SIGTERM. A request without
   * a connection, such as a datagram, goes on, as does one that has ended already.
   */
  void close();

  /**
   * Drops the connection (Python: {@code abort()} of an asyncio transport): what was written and
   * has not left is lost, and a client over TCP sees a reset. The handler's next call on the
   * connection, or the one that waits, throws a {@link ConnectionException}.
   *
   * <p>A request that a child process runs is ended with the process, by SIGKILL. A request without
   * a connection goes on, as does one that has ended already.
   */
  void abort();
}
