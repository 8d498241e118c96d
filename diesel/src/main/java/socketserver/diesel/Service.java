package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP service that calls a handler for each connection, in a loop of its own (Python: {@code
 * diesel.Service}). It binds with SO_REUSEADDR and a backlog of 500 when its application runs; the
 * application's end closes it.
 *
 * <p>The methods are for any thread.
 */
public class Service {
  private static final Logger LOGGER = LoggerFactory.getLogger(Service.class);
  private static final int BACKLOG = 500;

  /** All interfaces, as an address. */
  private static final byte[] ANY = new byte[4];

  private final ConnectionHandler handler;
  private final String iface;
  private final SSLContext sslCtx;
  private final AtomicReference<Application> application = new AtomicReference<>();

  /** Written by whoever binds. */
  private volatile int port;

  /** Written by whoever binds; null before. */
  private volatile Channel channel;

  /**
   * Makes a service on all interfaces.
   *
   * @param connectionHandler what deals with a connection
   * @param port the port; 0 for one that is free
   * @throws IllegalArgumentException if the port is out of range
   */
  public Service(ConnectionHandler connectionHandler, int port) {
    this(connectionHandler, port, "");
  }

  /**
   * Makes a service on one interface.
   *
   * @param connectionHandler what deals with a connection
   * @param port the port; 0 for one that is free
   * @param iface a name or address of this machine; empty for all interfaces, of IPv4 as in Python
   * @throws IllegalArgumentException if the port is out of range
   */
  public Service(ConnectionHandler connectionHandler, int port, String iface) {
    this(connectionHandler, port, iface, null);
  }

  /**
   * Makes a service with TLS. The handler is called when the handshake is done; a client that fails
   * at it gets none.
   *
   * @param connectionHandler what deals with a connection
   * @param port the port; 0 for one that is free
   * @param iface a name or address of this machine; empty for all interfaces, of IPv4 as in Python
   * @param sslCtx what has the certificate, see {@link socketserver.Tls}; null for no TLS
   * @throws IllegalArgumentException if the port is out of range
   */
  public Service(ConnectionHandler connectionHandler, int port, String iface, SSLContext sslCtx) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
    this.handler = Objects.requireNonNull(connectionHandler, "connection handler is null");
    this.port = port;
    this.iface = Objects.requireNonNull(iface, "interface is null: use an empty text for all");
    this.sslCtx = sslCtx;
    connectionHandler.onServiceInit(this);
  }

  /**
   * Returns the port (Python: {@code port}).
   *
   * @return what was asked for; once it listens, the port that it is bound to
   */
  public int port() {
    return port;
  }

  /**
   * Returns the interface (Python: {@code iface}).
   *
   * @return what was asked for; empty for all
   */
  public String iface() {
    return iface;
  }

  /**
   * Tells whether it is bound (Python: {@code listening}).
   *
   * @return true from the beginning of {@link Application#run()} to the application's end
   */
  public boolean listening() {
    Channel bound = channel;
    return bound != null && bound.isOpen();
  }

  /**
   * Returns the application that it was added to (Python: {@code application}).
   *
   * @return the application, or null
   */
  public Application application() {
    return application.get();
  }

  final void join(Application to) {
    if (!application.compareAndSet(null, to)) {
      throw new IllegalStateException("the service on port " + port + " has been added already");
    }
  }

  /**
   * Binds.
   *
   * @throws UncheckedIOException if that fails
   */
  final void open() {
    try {
      InetAddress address =
          iface.isEmpty() ? InetAddress.getByAddress(ANY) : InetAddress.getByName(iface);
      Channel bound = bind(application.get().network(), new InetSocketAddress(address, port));
      port = ((InetSocketAddress) bound.localAddress()).getPort();
      channel = bound;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "service at " + (iface.isEmpty() ? "*" : iface) + ":" + port + " cannot bind", e);
    }
  }

  /** Makes a channel and binds it. */
  Channel bind(Network network, InetSocketAddress address) throws IOException {
    Channel listener = network.channels().newListener(address.getAddress());
    listener.config().setOption(ChannelOption.SO_REUSEADDR, true);
    listener.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    listener.pipeline().addLast(new AcceptHandler(this::accepted));
    network.opened(listener, listener::close);
    network.bind(listener, address);
    return listener;
  }

  /** A client has connected. On the event loop. */
  private void accepted(Channel client) {
    InetSocketAddress addr = (InetSocketAddress) client.remoteAddress();
    if (addr == null) {
      // gone already
      client.unsafe().closeForcibly();
      return;
    }
    Application app = application.get();
    StreamConnection connection = new StreamConnection(app, client, addr);
    Streams.configure(client);
    Streams.handle(
        client,
        connection,
        sslCtx == null ? null : Streams.server(sslCtx),
        failure -> {
          if (failure == null) {
            app.scheduler().post(() -> serve(app, connection, addr));
          } else {
            LOGGER.debug("no loop for {}", addr, failure);
          }
        });
    app.network().register(client);
  }

  /** Starts the loop of a connection. By the baton's holder. */
  private void serve(Application app, Connection connection, InetSocketAddress addr) {
    if (app.scheduler().halted()) {
      connection.close();
      return;
    }
    Loop loop = new Loop(() -> handler.handle(addr));
    loop.label(Loop.nameOf(handler));
    loop.join(app);
    loop.connections().push(connection);
    loop.start();
  }

  /** Listens no more. The network's end waits for that. */
  final void close() {
    Channel bound = channel;
    if (bound != null) {
      bound.close();
    }
  }
}
