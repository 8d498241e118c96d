package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.Datagram;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;

/**
 * A copy of a datagram socket that other processes use, too: nothing is received that nobody asks
 * for, as it would be missed elsewhere.
 */
final class AdoptedDatagram extends DirectDatagram {
  /** What an event loop may take to tell what is there already. */
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

  private final AtomicBoolean wakeup = new AtomicBoolean();

  private AdoptedDatagram(Engine engine, Socket socket, DatagramCalls calls) {
    super(engine, socket, calls);
  }

  /**
   * Takes a descriptor over.
   *
   * @param engine the engine, of which the socket takes a share until it is closed
   * @param fd the descriptor
   * @param calls the calls of its family
   * @throws IOException if it is no socket; it stays the caller's then
   */
  static AdoptedDatagram of(Engine engine, int fd, DatagramCalls calls) throws IOException {
    if (!engine.mechanism().watchesDescriptors()) {
      throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
    }
    Socket socket = NativeSocket.of(fd);
    return new AdoptedDatagram(engine.share(), socket, calls);
  }

  @Override
  public Datagram receive(int size, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Datagram datagram = datagrams().receive(size, 1);
      if (datagram != null) {
        return cut(size, datagram);
      }
      if (timeoutNanos == 0) {
        throw new WouldBlockException("nothing has arrived");
      }
      if (!await(left(timeoutNanos, start), () -> false)) {
        throw new SocketTimeoutException("timed out");
      }
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    long wait =
        timeoutNanos == Endpoint.FOREVER ? timeoutNanos : Math.max(timeoutNanos, SHORTEST_WAIT);
    boolean told = await(wait, wakeup::get);
    return !wakeup.getAndSet(false) && told;
  }

  @Override
  public void wakeup() {
    wakeup.set(true);
    nudge();
  }

  /** Nothing is read ahead. */
  @Override
  public void expect(int size) {}

  @Override
  public void bind(SocketAddress address) throws IOException {
    checkOpen();
    throw new SocketException(
        "cannot bind " + address + ": the process that the socket came from has bound it");
  }
}
