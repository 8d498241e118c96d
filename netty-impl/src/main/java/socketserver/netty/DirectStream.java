package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import socketserver.BrokenPipeException;
import socketserver.ConnectionException;
import socketserver.ConnectionResetException;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.UnixStreamEndpoint;

/**
 * A Unix connection that is not read ahead: the calling threads make the system calls, which do not
 * wait, and something tells when it is worth while to repeat one: an event loop, or a selector. So
 * nothing is taken from the system before somebody asks for it, and no descriptor is lost that
 * comes with the bytes.
 *
 * <p>Readers exclude one another, and so do writers. Close waits for the call that is made, never
 * for one that waits: that ends.
 */
final class DirectStream implements UnixStreamEndpoint {
  static final int CHUNK = 64 << 10;

  private final DirectCalls calls;
  private final UnixAddress peer;

  /** Lets go of what this shares with other sockets. */
  private final Runnable whenClosed;

  private final AtomicBoolean letGo = new AtomicBoolean();

  /** One reader at a time, for as long as it waits. */
  private final ReentrantLock reading = new ReentrantLock();

  /** One writer at a time, for as long as it waits. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Held for each system call, and to close: no call meets a number that is another file's. */
  private final ReentrantLock descriptor = new ReentrantLock();

  /** Null if nothing can tell what is ready. */
  private final DescriptorReadiness readiness;

  /** Guarded by reading for writing: what was looked at and not taken. */
  private volatile byte[] peeked = new byte[0];

  /** Guarded by reading: what went wrong when nobody could be told. */
  private IOException untold;

  /** Guarded by descriptor for writing. */
  private volatile boolean closed;

  /** Guarded by descriptor: somebody closes it, or an Error has interrupted him. */
  private boolean releasing;

  /** Written by whoever gives it away, once: it is this connection's to close. */
  private volatile boolean owned = true;

  /** Guarded by descriptor for writing: handed over, and this process's copy not closed yet. */
  private volatile boolean held;

  /** The end was read, or reading was shut down. */
  private volatile boolean inputEnded;

  /** Writing was shut down, or the peer is known to be gone. */
  private volatile boolean outputEnded;

  /**
   * Takes over a connection.
   *
   * @param calls its system calls
   * @param peer the peer's address
   * @param whenClosed called once, after close
   */
  private DirectStream(DirectCalls calls, UnixAddress peer, Runnable whenClosed) {
    this.calls = calls;
    this.peer = peer;
    this.whenClosed = whenClosed;
    this.readiness =
        calls.watchable()
            ? new DescriptorReadiness(calls.fileno(), this::readyBefore, this::isOpen)
            : null;
  }

  private int readyBefore() {
    return peeked.length > 0 ? ReadinessSource.IN : 0;
  }

  @Override
  public ReadinessSource readiness() {
    return readiness != null ? readiness : UnixStreamEndpoint.super.readiness();
  }

  /** A connection of which nothing was read, with an event loop to wait. */
  static DirectStream of(
      Engine engine, Socket socket, byte[] arrived, UnixSystem system, UnixAddress peer)
      throws IOException {
    DirectCalls calls = new EpollCalls(engine, socket, system);
    DirectStream stream = new DirectStream(calls, peer, engine.share()::release);
    stream.peeked = arrived;
    return stream;
  }

  /** A connection of the JDK's, which this owns from then on. */
  static DirectStream of(SocketChannel channel) throws IOException {
    try {
      UnixAddress peer = UnixAddress.of(channel.getRemoteAddress());
      return new DirectStream(new JdkCalls(channel), peer, () -> {});
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A system call on the descriptor. */
  private interface Call<T> {
    T make() throws IOException;
  }

  private <T> T make(Call<T> call) throws IOException {
    StackSpace.reserve();
    descriptor.lock();
    try {
      if (closed) {
        throw NettyEndpoint.closed();
      }
      return call.make();
    } catch (IOException | NotYetConnectedException e) {
      throw ChannelErrors.of(e);
    } finally {
      descriptor.unlock();
    }
  }

  /** Waits for whoever reads or writes before; an interrupt and the end of the time end it. */
  private static void enter(ReentrantLock turn, long timeoutNanos) throws IOException {
    StackSpace.reserve();
    try {
      if (turn.tryLock()) {
        return;
      }
      if (timeoutNanos == Endpoint.FOREVER) {
        turn.lockInterruptibly();
      } else if (!turn.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
        throw timeoutNanos == 0
            ? new WouldBlockException("another thread waits for the same")
            : new SocketTimeoutException("timed out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a connection");
    }
  }

  /** Waits for an event, and says what it means if none comes. */
  private void await(int event, long start, long timeoutNanos) throws IOException {
    if (timeoutNanos == 0) {
      throw new WouldBlockException(
          event == Readiness.READ ? "nothing has arrived" : "no room to write");
    }
    long left =
        timeoutNanos == Endpoint.FOREVER
            ? timeoutNanos
            : Math.max(timeoutNanos - (System.nanoTime() - start), 0);
    if (!calls.await(event, left)) {
      throw new SocketTimeoutException("timed out");
    }
  }

  // Reading

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    enter(reading, timeoutNanos);
    try {
      make(() -> null);
      if (peeked.length == 0) {
        byte[] arrived = readSome(length, timeoutNanos);
        if (arrived == null) {
          return -1;
        }
        peeked = arrived;
        markPeeked();
      }
      if (peek && peeked.length < length) {
        append(length - peeked.length);
      }
      int count = Math.min(length, peeked.length);
      System.arraycopy(peeked, 0, target, offset, count);
      if (!peek) {
        peeked = Arrays.copyOfRange(peeked, count, peeked.length);
      }
      return count;
    } finally {
      reading.unlock();
    }
  }

  /** What the system knows no more, who watches has to be told. */
  private void markPeeked() {
    if (readiness != null) {
      readiness.changed();
    }
  }

  /** Looks at more, if it is there; an error comes after what is there. With the lock held. */
  private void append(int most) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(most, CHUNK));
    int count = 0;
    try {
      count = inputEnded ? 0 : readOnce(buffer);
    } catch (IOException e) {
      if (closed) {
        throw e;
      }
      untold = e;
    }
    if (count > 0) {
      byte[] longer = Arrays.copyOf(peeked, peeked.length + count);
      buffer.get(0, longer, peeked.length, count);
      peeked = longer;
      markPeeked();
    }
  }

  /** Takes what is there, waiting for a byte; null at the end. With the lock held. */
  private byte[] readSome(int most, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(most, CHUNK));
    while (true) {
      tellWhatIsUntold();
      if (inputEnded && !closed) {
        return null;
      }
      int count = readOnce(buffer);
      if (count < 0) {
        inputEnded = true;
        return null;
      }
      if (count > 0) {
        byte[] arrived = new byte[count];
        buffer.get(0, arrived);
        return arrived;
      }
      await(Readiness.READ, start, timeoutNanos);
    }
  }

  private void tellWhatIsUntold() throws IOException {
    if (untold != null) {
      IOException error = untold;
      untold = null;
      throw error;
    }
  }

  private int readOnce(ByteBuffer buffer) throws IOException {
    try {
      return make(() -> calls.receive(buffer));
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** A reset is reported once; then the stream is at its end. */
  private IOException lost(IOException cause) {
    if (cause instanceof ConnectionResetException) {
      inputEnded = true;
      outputEnded = true;
    }
    return cause;
  }

  @Override
  public ReceivedFds recvFds(int size, int maxFds, long timeoutNanos) throws IOException {
    enter(reading, timeoutNanos);
    try {
      if (peeked.length > 0) {
        // they came without a descriptor, or it is lost: as with MSG_PEEK in recvmsg(2)
        byte[] data = Arrays.copyOf(peeked, Math.min(size, peeked.length));
        peeked = Arrays.copyOfRange(peeked, data.length, peeked.length);
        return new ReceivedFds(data, java.util.List.of(), () -> {});
      }
      long start = System.nanoTime();
      while (true) {
        tellWhatIsUntold();
        if (inputEnded && !closed) {
          return new ReceivedFds(new byte[0], java.util.List.of(), () -> {});
        }
        ReceivedFds received;
        try {
          received = make(() -> calls.receiveFds(size, maxFds));
        } catch (IOException e) {
          throw lost(e);
        }
        if (received != null) {
          inputEnded |= received.data().length == 0;
          return received;
        }
        await(Readiness.READ, start, timeoutNanos);
      }
    } finally {
      reading.unlock();
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    make(() -> null);
    long start = System.nanoTime();
    try {
      enter(reading, timeoutNanos);
    } catch (SocketTimeoutException | WouldBlockException e) {
      return false;
    }
    try {
      if (arrivedOrLost() > 0 || inputEnded || untold != null) {
        return true;
      }
      long left =
          timeoutNanos == Endpoint.FOREVER
              ? timeoutNanos
              : Math.max(timeoutNanos - (System.nanoTime() - start), 0);
      return calls.await(Readiness.READ, left);
    } finally {
      reading.unlock();
    }
  }

  /** Zero while somebody else reads: he takes it. */
  @Override
  public int available() {
    if (!reading.tryLock()) {
      return 0;
    }
    try {
      return arrivedOrLost();
    } finally {
      reading.unlock();
    }
  }

  /** How much is there; an error that is met is the next reader's. With the lock held. */
  private int arrivedOrLost() {
    try {
      return arrived();
    } catch (IOException e) {
      untold = closed ? null : e;
      return closed ? 0 : peeked.length;
    }
  }

  /** How much is there. With the lock held. */
  private int arrived() throws IOException {
    int more = inputEnded ? 0 : make(calls::available);
    if (more < 0) {
      // who cannot tell passes no descriptors, either: it can be taken
      if (peeked.length < CHUNK) {
        append(CHUNK);
      }
      more = 0;
    }
    return peeked.length + more;
  }

  // Writing

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    enter(writing, timeoutNanos);
    try {
      checkWritable();
      if (length == 0) {
        return 0;
      }
      int most = Math.min(length, CHUNK);
      ByteBuffer buffer = ByteBuffer.allocateDirect(most).put(source, offset, most);
      return repeat(() -> calls.send(buffer, most), timeoutNanos);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds, long timeoutNanos) throws IOException {
    enter(writing, timeoutNanos);
    try {
      checkWritable();
      return repeat(() -> calls.sendFds(data, fds), timeoutNanos);
    } finally {
      writing.unlock();
    }
  }

  private int repeat(Call<Integer> call, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      checkWritable();
      int sent;
      try {
        sent = make(call);
      } catch (IOException e) {
        // what is about the connection, and not about what was to be sent
        outputEnded |= e instanceof ConnectionException;
        throw e;
      }
      if (sent > 0) {
        return sent;
      }
      await(Readiness.WRITE, start, timeoutNanos);
    }
  }

  private void checkWritable() throws IOException {
    make(() -> null);
    if (outputEnded) {
      throw new BrokenPipeException("broken pipe: nothing can be written any more");
    }
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    long start = System.nanoTime();
    long sent = 0;
    while (sent < count) {
      byte[] chunk = new byte[(int) Math.min(CHUNK, count - sent)];
      int length = file.read(ByteBuffer.wrap(chunk), position + sent);
      if (length < 0) {
        break;
      }
      int written = 0;
      while (written < length) {
        long left =
            timeoutNanos <= 0
                ? timeoutNanos
                : Math.max(timeoutNanos - (System.nanoTime() - start), 1);
        written += write(chunk, written, length - written, left);
      }
      sent += length;
    }
    return sent;
  }

  // State

  @Override
  public void shutdownInput() throws IOException {
    keepWhatHasArrived();
    make(
        () -> {
          calls.shutdown(true, false);
          return null;
        });
    inputEnded = true;
    calls.nudge();
  }

  /** What has arrived can still be read; while somebody waits to read, that is nothing. */
  private void keepWhatHasArrived() throws IOException {
    if (reading.tryLock()) {
      try {
        int before = -1;
        while (peeked.length > before) {
          before = peeked.length;
          append(CHUNK);
        }
      } finally {
        reading.unlock();
      }
    }
  }

  @Override
  public void shutdownOutput() throws IOException {
    make(
        () -> {
          calls.shutdown(false, true);
          return null;
        });
    outputEnded = true;
    calls.nudge();
  }

  @Override
  public PeerCredentials peerCredentials() throws IOException {
    return make(() -> calls.credentials());
  }

  @Override
  public void withoutReadAhead() {}

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    make(() -> null);
    return peer;
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return make(() -> calls.localAddress());
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    make(
        () -> {
          calls.options().set(level, name, value);
          return null;
        });
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    make(
        () -> {
          calls.options().set(level, name, value);
          return null;
        });
  }

  @Override
  public int option(int level, int name) throws IOException {
    return make(() -> calls.options().get(level, name));
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    return make(() -> calls.options().get(level, name, length));
  }

  @Override
  public int fileno() {
    return closed && !held ? -1 : calls.fileno();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void startTls(SSLEngine tls, byte[] unread, long deadlineNanos) {
    throw new UnsupportedOperationException(
        "no tls on a connection that is not read ahead: call startTls before withoutReadAhead");
  }

  @Override
  public SSLSession tlsSession() {
    return null;
  }

  @Override
  public String applicationProtocol() {
    return null;
  }

  @Override
  public int detach() throws IOException {
    int fd = make(calls::detach);
    if (release(false)) {
      owned = false;
      letGo();
    }
    return fd;
  }

  @Override
  public byte[] handOver() throws IOException {
    make(calls::detach);
    if (!release(true)) {
      throw NettyEndpoint.closed();
    }
    letGo();
    // whoever waits has ended
    StackSpace.reserve();
    reading.lock();
    try {
      return peeked;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    release(false);
    StackSpace.reserve();
    descriptor.lock();
    try {
      if (owned) {
        calls.close();
        held = false;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("closing the connection failed", ChannelErrors.of(e));
    } finally {
      descriptor.unlock();
    }
    letGo();
  }

  /** Lets go of what this shares, once. */
  private void letGo() {
    if (!letGo.getAndSet(true)) {
      whenClosed.run();
    }
  }

  /** Lets go of the descriptor; false if somebody has before, and no Error has interrupted him. */
  private boolean release(boolean hold) {
    StackSpace.reserve();
    descriptor.lock();
    try {
      if (closed && !releasing) {
        return false;
      }
      releasing = true;
      held = hold;
      closed = true;
      if (readiness != null) {
        readiness.leave();
      }
      // before anybody closes what is held
      calls.wake();
      releasing = false;
    } finally {
      descriptor.unlock();
    }
    return true;
  }
}
