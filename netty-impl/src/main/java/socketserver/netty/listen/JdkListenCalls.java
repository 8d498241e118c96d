package socketserver.netty.listen;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import socketserver.SocketConstants;
import socketserver.netty.ground.Options;
import socketserver.netty.loop.Engine;
import socketserver.netty.socket.OwnedSocket;
import socketserver.netty.stream.JdkCalls;
import socketserver.netty.stream.JdkFamily;
import socketserver.netty.stream.NettyStream;

/** The calls on a socket of the JDK's. Binding and listening is one step there. */
public final class JdkListenCalls implements ListenCalls {
  private final Engine engine;
  private final JdkFamily family;
  private final ServerSocketChannel channel;
  private final int number = OwnedSocket.nextNumber();
  private final Options options;
  private boolean bound;

  public JdkListenCalls(Engine engine, JdkFamily family) throws IOException {
    this.engine = engine;
    this.family = family;
    this.channel = ServerSocketChannel.open(family.protocol());
    this.options = family.options(channel);
    try {
      channel.configureBlocking(false);
      options.set(SocketConstants.SOL_SOCKET, SocketConstants.SO_REUSEADDR, 0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Object source() {
    return channel;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    try {
      channel.bind(family.toJdk(address), SocketConstants.SOMAXCONN);
      bound = true;
    } catch (IOException e) {
      BindException error = new BindException("cannot bind " + address + ": " + text(e));
      error.initCause(e);
      throw error;
    }
  }

  /** The system's words, which begin with a capital. */
  private static String text(IOException cause) {
    String text = String.valueOf(cause.getMessage());
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  @Override
  public void listen(int backlog) throws IOException {
    if (!bound) {
      throw new SocketException("cannot listen: the socket is not bound");
    }
  }

  @Override
  public NettyStream accept() throws IOException {
    SocketChannel accepted = channel.accept();
    if (accepted == null) {
      return null;
    }
    JdkCalls calls = new JdkCalls(family, accepted);
    try {
      return family.stream(engine, calls);
    } catch (IOException e) {
      calls.close();
      throw e;
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return bound ? family.toApi(channel.getLocalAddress()) : null;
  }

  @Override
  public Options options() {
    return options;
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
