package socketserver;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Handles one request (Python: {@code BaseRequestHandler}). Override {@link #handle()}, which may
 * block; {@link #setup()} and {@link #finish()} if there is something to prepare and to clean up.
 *
 * <p>Python's constructor does all the work. A Java constructor cannot call methods of a subclass
 * whose fields are not there yet, so the server makes the handler first and then calls {@link
 * #run}.
 *
 * @param <R> the kind of request: {@link StreamSocket}, {@link DatagramRequest}, or {@code Object}
 *     for a handler that serves both
 */
public abstract class BaseRequestHandler<R> {
  /** The request: a connection, or a datagram with the socket to answer by. */
  public R request;

  /** Where the request came from. */
  public SocketAddress clientAddress;

  /** The server that calls this handler. */
  public BaseServer<?> server;

  /** Makes a handler; {@link #run} fills its fields. */
  protected BaseRequestHandler() {}

  /**
   * Handles a request: {@link #setup()}, {@link #handle()}, and in any case {@link #finish()} once
   * {@code setup()} has ended well (what Python's constructor does). Called by the server on the
   * thread of the request. After an exception of {@code handle()} one of {@code finish()} is
   * suppressed in it.
   *
   * @param request the request
   * @param clientAddress where it came from
   * @param server the server
   * @throws Exception what one of the three threw
   */
  public void run(R request, SocketAddress clientAddress, BaseServer<?> server) throws Exception {
    this.request = request;
    this.clientAddress = clientAddress;
    this.server = server;
    setup();
    Throwable failure = null;
    try {
      handle();
    } catch (Throwable e) {
      failure = e;
      throw e;
    } finally {
      finishAfter(failure);
    }
  }

  private void finishAfter(Throwable failure) throws Exception {
    try {
      finish();
    } catch (Throwable e) {
      if (failure == null) {
        throw e;
      }
      if (failure != e) {
        failure.addSuppressed(e);
      }
    }
  }

  /**
   * Prepares (Python: {@code setup()}). If it fails, neither {@link #handle()} nor {@link
   * #finish()} is called.
   *
   * @throws Exception goes to the server's {@code handleError}
   */
  public void setup() throws Exception {}

  /**
   * Handles the request (Python: {@code handle()}). May block. Does nothing here, as in Python.
   *
   * @throws Exception goes to the server's {@code handleError}
   */
  public void handle() throws Exception {}

  /**
   * Cleans up (Python: {@code finish()}), also after a {@link #handle()} that failed.
   *
   * @throws Exception goes to the server's {@code handleError}
   */
  public void finish() throws Exception {}

  /** What finish() throws that finds nothing to finish. */
  IllegalStateException missingSetup(String fields) {
    return new IllegalStateException(
        fields
            + " are missing, as setup() of "
            + getClass().getName()
            + " does not make them: call super.setup()");
  }

  /**
   * Returns the server as the class that it is, for a handler that uses state kept there.
   *
   * @param <S> the server's class
   * @param type the server's class
   * @return the server
   * @throws ClassCastException if the server is of another class; the message names both
   */
  public <S> S server(Class<S> type) {
    return type.cast(server);
  }

  /**
   * Returns the client's host (Python: {@code client_address[0]}).
   *
   * @return its address in numbers; of an IPv4 client of an IPv6 server {@code 127.0.0.1}, where
   *     Python has {@code ::ffff:127.0.0.1}
   * @throws UnsupportedOperationException if the address has no host
   */
  public String clientHost() {
    return Addresses.host(inet());
  }

  /**
   * Returns the client's port (Python: {@code client_address[1]}).
   *
   * @return the port
   * @throws UnsupportedOperationException if the address has no port
   */
  public int clientPort() {
    return inet().getPort();
  }

  private InetSocketAddress inet() {
    if (clientAddress instanceof InetSocketAddress inet) {
      return inet;
    }
    throw new UnsupportedOperationException("the address has no host and port: " + clientAddress);
  }
}
