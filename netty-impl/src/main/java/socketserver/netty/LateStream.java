package socketserver.netty;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import socketserver.Errno;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;

/**
 * A stream socket where there is no epoll: until it connects it only remembers what it was told, as
 * opening, binding and connecting is one step there. A failure leaves it as it was.
 */
final class LateStream implements StreamEndpoint {
  private final Opening opening;
  private final int number = NettyEndpoint.nextNumber();

  /** Held while connecting, so that only one does. */
  private final ReentrantLock connecting = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by lock: what was set before there was anything to set it on. */
  private final List<Setting> settings = new ArrayList<>();

  /** Guarded by lock: where the connection is to come from, or null. */
  private SocketAddress source;

  /** The connection, or null. Guarded by lock for writing. */
  private volatile StreamEndpoint connection;

  /** Guarded by lock for writing. */
  private volatile boolean closed;

  LateStream(Opening opening) {
    this.opening = opening;
  }

  /** Makes the connection. */
  interface Opening {
    /**
     * Connects.
     *
     * @param address where to
     * @param source where from, or null
     * @param timeoutNanos how long to wait
     */
    StreamEndpoint connect(SocketAddress address, SocketAddress source, long timeoutNanos)
        throws IOException;
  }

  /** Something to be set when there is a connection. */
  private interface Setting {
    void on(StreamEndpoint connection) throws IOException;
  }

  private StreamEndpoint connection() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
    StreamEndpoint made = connection;
    if (made == null) {
      throw new SocketException(Errno.strerror(Errno.ENOTCONN));
    }
    return made;
  }

  @Override
  public ReadinessSource readiness() {
    StreamEndpoint made = connection;
    if (made == null) {
      throw new UnsupportedOperationException(
          "without epoll a socket can be selected on when it is connected, and not before"
              + Mechanisms.whyNoEpoll());
    }
    return made.readiness();
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      if (connection != null || source != null) {
        throw new BindException("cannot bind " + address + ": " + Errno.strerror(Errno.EINVAL));
      }
      source = address;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int connect(SocketAddress address, long timeoutNanos) throws IOException {
    if (timeoutNanos == 0) {
      throw new UnsupportedOperationException(
          "without epoll a socket cannot begin to connect without waiting: set a time-out, or use"
              + " -Dsocketserver.transport=epoll"
              + Mechanisms.whyNoEpoll());
    }
    if (!connecting.tryLock()) {
      return Errno.EALREADY;
    }
    try {
      checkOpen();
      return connection != null ? Errno.EISCONN : connectNow(address, timeoutNanos);
    } finally {
      connecting.unlock();
    }
  }

  private int connectNow(SocketAddress address, long timeoutNanos) throws IOException {
    StreamEndpoint made;
    try {
      made = opening.connect(address, source(), timeoutNanos);
    } catch (IOException e) {
      // the transport's exception has the system's for its cause
      int errno = e.getCause() == null ? 0 : ChannelErrors.errno(e.getCause());
      if (errno == 0) {
        throw e;
      }
      return errno;
    }
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      for (Setting setting : settings) {
        setting.on(made);
      }
      connection = made;
      return 0;
    } finally {
      if (connection == null) {
        made.close();
      }
      lock.unlock();
    }
  }

  private SocketAddress source() {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      return source;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }

  private void set(Setting setting) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      if (connection == null) {
        settings.add(setting);
      } else {
        setting.on(connection);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    set(made -> made.setOption(level, name, value));
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    set(made -> made.setOption(level, name, value));
  }

  @Override
  public int option(int level, int name) throws IOException {
    return connection().option(level, name);
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    return connection().option(level, name, length);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    StreamEndpoint made = connection;
    return made != null ? made.localAddress() : source();
  }

  /** The same before and after connecting. */
  @Override
  public int fileno() {
    return isOpen() ? number : -1;
  }

  @Override
  public boolean isOpen() {
    StreamEndpoint made = connection;
    return !closed && (made == null || made.isOpen());
  }

  @Override
  public void close() {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      closed = true;
      if (connection != null) {
        connection.close();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void settle() {
    StreamEndpoint made = connection;
    if (made != null) {
      made.settle();
    }
  }

  @Override
  public Executor eventLoop() {
    StreamEndpoint made = connection;
    return made == null ? null : made.eventLoop();
  }

  // What the connection does

  /** For {@link Pipelines}: the connection. */
  StreamEndpoint made() throws IOException {
    return connection();
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    return connection().remoteAddress();
  }

  @Override
  public SocketAddress peer() {
    StreamEndpoint made = connection;
    return made == null ? null : made.peer();
  }

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    return connection().read(target, offset, length, timeoutNanos, peek);
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    return connection().awaitReadable(timeoutNanos);
  }

  @Override
  public int available() {
    StreamEndpoint made = connection;
    return made == null ? 0 : made.available();
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    return connection().write(source, offset, length, timeoutNanos);
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    return connection().write(source, offset, length, timeoutNanos, more);
  }

  @Override
  public byte receiveUrgent() throws IOException {
    return connection().receiveUrgent();
  }

  @Override
  public void sendUrgent(byte value, long timeoutNanos) throws IOException {
    connection().sendUrgent(value, timeoutNanos);
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    return connection().transferFrom(file, position, count, timeoutNanos);
  }

  @Override
  public void shutdownInput() throws IOException {
    connection().shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    connection().shutdownOutput();
  }

  @Override
  public void startTls(SSLEngine tls, byte[] unread, long deadlineNanos) throws IOException {
    connection().startTls(tls, unread, deadlineNanos);
  }

  @Override
  public boolean tlsWasCut() {
    StreamEndpoint made = connection;
    return made != null && made.tlsWasCut();
  }

  @Override
  public SSLSession tlsSession() {
    StreamEndpoint made = connection;
    return made == null ? null : made.tlsSession();
  }

  @Override
  public String applicationProtocol() {
    StreamEndpoint made = connection;
    return made == null ? null : made.applicationProtocol();
  }

  @Override
  public int detach() throws IOException {
    return connection().detach();
  }

  @Override
  public byte[] handOver() throws IOException {
    return connection().handOver();
  }

  @Override
  public void awaitSent() {
    StreamEndpoint made = connection;
    if (made != null) {
      made.awaitSent();
    }
  }
}
