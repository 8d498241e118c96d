package socketserver.diesel;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * A connection to another host, and, in a subclass, the protocol that is spoken on it (Python:
 * {@code diesel.Client}). What in Python is decorated with {@code @call} hands its body to {@link
 * #call}:
 *
 * <pre>{@code
 * class EchoClient extends Client {
 *   EchoClient(String addr, int port) throws IOException {
 *     super(addr, port);
 *   }
 *
 *   String echo(String message) throws IOException {
 *     return call(() -> {
 *       send(message + "\r\n");
 *       return untilEol();
 *     });
 *   }
 * }
 * }</pre>
 *
 * <p>It is made and used in loops of one application; several may use it, one at a time. It belongs
 * to none of them: whoever makes it closes it. The application's end closes what is left.
 */
public class Client implements AutoCloseable {
  private final String addr;
  private final int port;

  /** Guarded by the baton; null once closed on this side. */
  private Connection conn;

  /**
   * Connects, and waits for that.
   *
   * @param addr a host's name or address
   * @param port its port
   * @throws ClientConnectionError if it cannot connect
   * @throws IOException if the name cannot be resolved
   * @throws IllegalStateException if this is not called in a loop
   */
  public Client(String addr, int port) throws IOException {
    this(addr, port, null, null);
  }

  /**
   * Connects, and waits for that.
   *
   * @param addr a host's name or address; with TLS, the certificate must be for that
   * @param port its port
   * @param sslCtx for TLS; null for none
   * @param timeout how long connecting, and the TLS handshake, may take; null for as long as the
   *     system tries
   * @throws ClientConnectionError if it cannot connect, or with TLS
   * @throws ClientConnectionTimeout if that takes too long
   * @throws IOException if the name cannot be resolved
   * @throws IllegalStateException if this is not called in a loop
   */
  public Client(String addr, int port, SSLContext sslCtx, Duration timeout) throws IOException {
    this(addr, port, sslCtx, timeout, null);
  }

  /**
   * Connects from an address of this machine, and waits for that.
   *
   * @param addr a host's name or address; with TLS, the certificate must be for that
   * @param port its port
   * @param sslCtx for TLS; null for none
   * @param timeout how long connecting, and the TLS handshake, may take; null for as long as the
   *     system tries
   * @param sourceIp the address to connect from; null for any
   * @throws ClientConnectionError if it cannot connect, or with TLS
   * @throws ClientConnectionTimeout if that takes too long
   * @throws IOException if a name cannot be resolved
   * @throws IllegalStateException if this is not called in a loop
   */
  public Client(String addr, int port, SSLContext sslCtx, Duration timeout, String sourceIp)
      throws IOException {
    this.addr = Objects.requireNonNull(addr, "host is null");
    this.port = port;
    InetSocketAddress remote = new InetSocketAddress(resolve(addr), port);
    InetAddress source = sourceIp == null ? null : resolve(sourceIp);
    this.conn = connect(remote, source, sslCtx, timeout);
    try {
      onConnect();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** Connects; {@link UDPClient} does so in its own way. */
  Connection connect(
      InetSocketAddress remote, InetAddress source, SSLContext sslCtx, Duration timeout)
      throws IOException {
    return new Connector(addr, remote, source, sslCtx).connect(timeout);
  }

  /** Resolves a name in a thread of the system, where it may take its time. */
  static InetAddress resolve(String host) throws IOException {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal != null) {
      return InetAddress.getByAddress(host, literal);
    }
    try {
      return Diesel.thread(() -> InetAddress.getByName(host));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot resolve " + host, e);
    }
  }

  /**
   * Does something when connected, at the end of the constructor (Python: {@code on_connect()}).
   * The fields of a subclass are not initialised yet. Does nothing unless overridden.
   *
   * @throws IOException if it fails, and so does the constructor
   */
  protected void onConnect() throws IOException {}

  /**
   * Runs something with this client's connection as the current one (Python: the decorator
   * {@code @call}).
   *
   * @param <T> what it returns
   * @param body what is run, in this loop
   * @return what that has returned
   * @throws ClientConnectionClosed if the connection is closed, by either side, or closes before
   *     what was to be read is there
   * @throws IOException what the body has thrown
   * @throws IllegalStateException if this is not called in a loop
   */
  public final <T> T call(ClientCall<T> body) throws IOException {
    Loop loop = Loop.current();
    Connection current = conn;
    if (current == null || current.isClosed()) {
      throw new ClientConnectionClosed(
          "Client call failed: client connection was closed", new byte[0], addr(), port());
    }
    loop.connections().push(current);
    try {
      return body.run();
    } catch (ConnectionClosed e) {
      ClientConnectionClosed closed =
          new ClientConnectionClosed(e.getMessage(), e.buffer(), addr(), port());
      closed.initCause(e);
      throw closed;
    } finally {
      loop.connections().pop();
    }
  }

  /**
   * Returns the host.
   *
   * @return as it was given
   */
  public String addr() {
    return addr;
  }

  /**
   * Returns the port.
   *
   * @return as it was given
   */
  public int port() {
    return port;
  }

  /**
   * Tells whether it is closed, or known to be closed by the other side, with nothing left to read
   * (Python: {@code is_closed}). In a loop.
   *
   * @return true if calls that read would fail
   */
  public final boolean isClosed() {
    return conn == null || conn.isClosed() || conn.isExhausted();
  }

  /** Closes the connection when all that was sent has left. Does not wait. Idempotent. */
  @Override
  public final void close() {
    if (conn != null) {
      conn.close();
      conn = null;
    }
  }
}
