package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.SocketConstants;
import socketserver.WouldBlockException;
import socketserver.spi.StackSpace;

/** A TCP connection that no event loop knows until it is used. */
final class InternetStream extends DeferredStream {
  private InternetStream(
      Engine engine, Socket socket, Channel channel, SocketAddress local, SocketAddress peer) {
    super(engine, socket, channel, local, peer);
  }

  /** Opens a socket that is to be connected. */
  InternetStream(Engine engine, SocketProtocolFamily family) {
    super(engine, NativeSocket.stream(family));
  }

  /** A connection that was accepted. */
  static InternetStream accepted(Engine engine, Channel channel) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, false);
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    return new InternetStream(
        engine, socket, channel, channel.localAddress(), channel.remoteAddress());
  }

  /**
   * A connection whose descriptor came from elsewhere.
   *
   * @throws IOException if the descriptor is no socket; it stays the caller's then
   */
  static InternetStream adopted(Engine engine, int fd, byte[] arrived) throws IOException {
    Socket socket = NativeSocket.of(fd);
    InternetStream stream =
        new InternetStream(engine, socket, null, socket.localAddress(), socket.remoteAddress());
    stream.arrived(arrived);
    return stream;
  }

  @Override
  Channel adopt(Engine engine, Socket socket) throws IOException {
    Options options = new Options.Native(socket);
    int level = SocketConstants.IPPROTO_TCP;
    int noDelay = options.get(level, SocketConstants.TCP_NODELAY);
    Channel channel = engine.mechanism().adoptStream(socket.intValue());
    // the channel's configuration has switched it on
    options.set(level, SocketConstants.TCP_NODELAY, noDelay);
    return channel;
  }

  @Override
  public byte receiveUrgent() throws IOException {
    if (!watchesDescriptors()) {
      return super.receiveUrgent();
    }
    try {
      StackSpace.reserve();
      Byte urgent = onDescriptor(null, () -> UrgentData.receive(streamDescriptor()));
      return urgent != null ? urgent : running().receiveUrgent();
    } finally {
      noteReadAhead();
    }
  }

  @Override
  public void sendUrgent(byte value, long timeoutNanos) throws IOException {
    boolean known = watchesDescriptors() && !isUnconnected();
    Socket socket = streamDescriptor().socket();
    StackSpace.reserve();
    if (known && onDescriptor(0, () -> UrgentData.send(socket, value)) > 0) {
      return;
    }
    if (known && timeoutNanos == 0 && running() == null) {
      throw new WouldBlockException("no room to write");
    }
    started().sendUrgent(value, timeoutNanos);
  }

  @Override
  void bind(Socket socket, SocketAddress address) throws IOException {
    try {
      socket.bind(address);
    } catch (IOException e) {
      throw ChannelErrors.ofBinding(address, e);
    }
  }

  @Override
  SocketAddress toNetty(SocketAddress address) {
    return address;
  }

  @Override
  SocketAddress askForLocal(Socket socket) {
    InetSocketAddress bound = socket.localAddress();
    return bound == null || bound.getPort() == 0 ? null : bound;
  }

  @Override
  SocketAddress askForPeer(Socket socket) throws IOException {
    SocketAddress peer = socket.remoteAddress();
    if (peer == null) {
      throw new SocketException("transport endpoint is not connected");
    }
    return peer;
  }
}
