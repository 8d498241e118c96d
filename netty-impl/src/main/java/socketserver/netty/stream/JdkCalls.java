package socketserver.netty.stream;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import socketserver.Errno;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.Options;
import socketserver.netty.ground.Uninterrupted;
import socketserver.netty.socket.OwnedSocket;
import socketserver.spi.SystemErrors;

/**
 * The calls on a socket of the JDK's, where there are no descriptors. A connect that failed closes
 * such a socket; another one takes its place then, with what was set.
 */
public final class JdkCalls implements StreamCalls {
  private final JdkFamily family;
  private final int number = OwnedSocket.nextNumber();

  /** What was set before it was connected. */
  private final List<Setting> settings = new ArrayList<>();

  private SocketChannel channel;

  /** Where it is to come from, or null. */
  private SocketAddress source;

  /** A reset was reported, which the JDK does again and again, and the system once. */
  private volatile boolean reset;

  /** Something to be set. */
  private interface Setting {
    void on(Options options) throws IOException;
  }

  public JdkCalls(JdkFamily family) throws IOException {
    this(family, SocketChannel.open(family.protocol()));
  }

  public JdkCalls(JdkFamily family, SocketChannel channel) throws IOException {
    this.family = family;
    this.channel = channel;
    try {
      channel.configureBlocking(false);
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
  public int receive(byte[] target, int offset, int length) throws IOException {
    if (reset) {
      return -1;
    }
    try {
      return Uninterrupted.call(() -> channel.read(ByteBuffer.wrap(target, offset, length)));
    } catch (IOException e) {
      reset = ChannelErrors.errno(e) == Errno.ECONNRESET;
      throw e;
    }
  }

  @Override
  public int send(byte[] source, int offset, int length) throws IOException {
    if (reset) {
      throw SystemErrors.of(Errno.EPIPE, Errno.strerror(Errno.EPIPE));
    }
    return Uninterrupted.call(() -> channel.write(ByteBuffer.wrap(source, offset, length)));
  }

  @Override
  public void shutdown(boolean input, boolean output) throws IOException {
    if (input) {
      channel.shutdownInput();
    }
    if (output) {
      channel.shutdownOutput();
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    if (source != null || channel.isConnected()) {
      throw new BindException("cannot bind " + address + ": " + Errno.strerror(Errno.EINVAL));
    }
    try {
      channel.bind(family.toJdk(address));
      source = channel.getLocalAddress();
    } catch (IOException e) {
      throw ChannelErrors.ofBinding(address, e);
    }
  }

  @Override
  public int connect(SocketAddress address) throws IOException {
    if (channel.isConnected()) {
      return Errno.EISCONN;
    }
    try {
      boolean pending = channel.isConnectionPending();
      int connected =
          Uninterrupted.call(
              () ->
                  pending || !channel.connect(family.toJdk(address))
                      ? channel.finishConnect() ? 1 : 0
                      : 1);
      return connected == 1 ? 0 : pending ? Errno.EALREADY : Errno.EINPROGRESS;
    } catch (ConnectionPendingException e) {
      return Errno.EALREADY;
    } catch (IOException e) {
      int errno = ChannelErrors.errno(e);
      if (!channel.isOpen()) {
        replace();
      }
      if (errno == 0) {
        throw e;
      }
      return errno;
    }
  }

  private void replace() throws IOException {
    SocketChannel another = SocketChannel.open(family.protocol());
    boolean ready = false;
    try {
      another.configureBlocking(false);
      for (Setting setting : settings) {
        setting.on(family.options(another));
      }
      if (source != null) {
        another.bind(source);
      }
      ready = true;
    } finally {
      if (!ready) {
        another.close();
      }
    }
    channel = another;
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return family.toApi(channel.getLocalAddress());
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    SocketAddress peer = channel.getRemoteAddress();
    if (peer == null) {
      throw new SocketException(Errno.strerror(Errno.ENOTCONN));
    }
    return family.toApi(peer);
  }

  @Override
  public Options options() {
    Options now = family.options(channel);
    return new Options() {
      private void set(Setting setting) throws IOException {
        setting.on(now);
        if (!channel.isConnected()) {
          settings.add(setting);
        }
      }

      @Override
      public void set(int level, int name, int value) throws IOException {
        set(options -> options.set(level, name, value));
      }

      @Override
      public void set(int level, int name, byte[] value) throws IOException {
        set(options -> options.set(level, name, value));
      }

      @Override
      public int get(int level, int name) throws IOException {
        return now.get(level, name);
      }

      @Override
      public byte[] get(int level, int name, int length) throws IOException {
        return now.get(level, name, length);
      }
    };
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public boolean wasReset() {
    return reset;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
