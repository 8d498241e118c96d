package socketserver.unix;

import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketException;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;
import socketserver.netty.loop.Engine;
import socketserver.netty.stream.JdkCalls;
import socketserver.netty.stream.NettyStream;
import socketserver.netty.stream.StreamCalls;
import socketserver.spi.StackSpace;
import socketserver.spi.UnixStreamEndpoint;

/** A Unix stream socket: it knows its peer's process, and passes descriptors. */
final class UnixStream extends NettyStream implements UnixStreamEndpoint {
  private UnixStream(
      Engine engine, StreamCalls calls, boolean connected, UnixAddress local, UnixAddress peer) {
    super(engine, calls, connected, local, peer);
  }

  /** A socket that is to be connected. */
  static UnixStream unconnected(Engine engine, StreamCalls calls) {
    return new UnixStream(engine, calls, false, null, null);
  }

  /** One end of a pair: neither has a name. */
  static UnixStream paired(Engine engine, Socket socket) {
    return new UnixStream(
        engine, new UnixCalls(engine, socket), true, UnixAddress.UNNAMED, UnixAddress.UNNAMED);
  }

  /** A connection of which there is a descriptor. */
  static UnixStream of(Engine engine, Socket socket) {
    return new UnixStream(
        engine,
        new UnixCalls(engine, socket),
        true,
        UnixNames.toApi(socket.localDomainSocketAddress()),
        UnixNames.toApi(socket.remoteDomainSocketAddress()));
  }

  /** A connection of the JDK's. */
  static UnixStream of(Engine engine, JdkCalls calls) throws IOException {
    return new UnixStream(
        engine,
        calls,
        true,
        (UnixAddress) calls.localAddress(),
        (UnixAddress) calls.remoteAddress());
  }

  @Override
  public PeerCredentials peerCredentials() throws IOException {
    StackSpace.reserveMuch();
    return ask(() -> calls().credentials());
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds, long timeoutNanos) throws IOException {
    return sendDescriptors(data, fds, timeoutNanos);
  }

  @Override
  public ReceivedFds recvFds(int size, int maxFds, long timeoutNanos) throws IOException {
    return receiveDescriptors(size, maxFds, timeoutNanos);
  }

  /** What ends a direction. */
  private interface Shutdown {
    void run() throws IOException;
  }

  @Override
  public void shutdownInput() throws IOException {
    shutdown(super::shutdownInput);
  }

  @Override
  public void shutdownOutput() throws IOException {
    shutdown(super::shutdownOutput);
  }

  /** Unlike TCP, a Unix socket is connected, and can be shut down, when both sides have ended. */
  private void shutdown(Shutdown direction) throws IOException {
    try {
      direction.run();
    } catch (SocketException e) {
      if (!isOpen() || !isConnected()) {
        throw e;
      }
    }
  }
}
