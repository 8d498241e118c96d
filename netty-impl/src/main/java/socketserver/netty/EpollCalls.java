package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;

/**
 * The calls on a descriptor for which an event loop's epoll waits. Descriptors pass on a loop's
 * thread: an interrupt would make junixsocket shut the connection down.
 */
final class EpollCalls implements DirectCalls {
  private final Socket socket;
  private final UnixSystem.Passing passing;
  private final Engine engine;
  private final Readiness readiness;

  EpollCalls(Engine engine, Socket socket, UnixSystem system) throws IOException {
    this.engine = engine;
    this.socket = socket;
    this.passing = system.passing(socket.intValue());
    this.readiness = new Readiness(engine, socket);
  }

  @Override
  public int receive(ByteBuffer buffer) throws IOException {
    return socket.recv(buffer, 0, buffer.capacity());
  }

  @Override
  public int send(ByteBuffer buffer, int length) throws IOException {
    return socket.send(buffer, 0, length);
  }

  @Override
  public int available() throws IOException {
    return passing.available();
  }

  @Override
  public void shutdown(boolean input, boolean output) throws IOException {
    socket.shutdown(input, output);
  }

  @Override
  public boolean await(int event, long timeoutNanos) throws IOException {
    return readiness.await(event, timeoutNanos);
  }

  @Override
  public void nudge() {
    readiness.nudge();
  }

  @Override
  public void wake() {
    readiness.close();
  }

  @Override
  public UnixAddress localAddress() {
    return UnixNames.toApi(socket.localDomainSocketAddress());
  }

  @Override
  public Options options() {
    return new Options.Native(socket);
  }

  @Override
  public PeerCredentials credentials() throws IOException {
    return UnixCredentials.of(socket);
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds) throws IOException {
    return engine.call(() -> passing.send(data, fds));
  }

  @Override
  public ReceivedFds receiveFds(int size, int maxFds) throws IOException {
    return engine.call(() -> passing.receive(size, maxFds));
  }

  @Override
  public int fileno() {
    return socket.intValue();
  }

  @Override
  public int detach() {
    return socket.intValue();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public boolean watchable() {
    return true;
  }
}
