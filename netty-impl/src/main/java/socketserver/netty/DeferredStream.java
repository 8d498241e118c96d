package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import socketserver.Errno;
import socketserver.SocketConstants;
import socketserver.WouldBlockException;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.SystemErrors;

/**
 * A connection that for the time being is a descriptor which no event loop knows: nothing is read
 * from it ahead, and another process can have it as it is. As long as nobody has to wait for it, it
 * is read and written by system calls on the caller's thread; the first that has to makes it a
 * {@link NettyStream}.
 */
abstract class DeferredStream implements StreamEndpoint {
  private static final int HAS_TO_WAIT = StreamDescriptor.HAS_TO_WAIT;

  private final Engine engine;
  private final Socket socket;
  private final EventLoop loop;
  private final DescriptorReadiness readiness;
  private final ReentrantLock lock = new ReentrantLock();

  /** What is read and written by system call. Guarded by lock. */
  private final StreamDescriptor descriptor;

  /** Accepted in this process, in which nobody else has had the descriptor. */
  private final boolean accepted;

  /** Set by any thread: the program may have set SO_LINGER, here or where it comes from. */
  private volatile boolean lingerMayBeSet;

  /** Guarded by lock for writing: null as long as the system has to be asked. */
  private volatile SocketAddress local;

  /** Guarded by lock for writing: null as well if the system does not know it any more. */
  private volatile SocketAddress peer;

  /** Guarded by lock for writing: null if it is connected, and that is known. */
  private volatile Connecting connecting;

  /** Guarded by lock: it has a share of the engine, until it starts or ends. */
  private boolean shares = true;

  /** Guarded by lock: the channel of an accepted connection; others are made at the start. */
  private Channel channel;

  /** What it has become. Guarded by lock for writing. */
  private volatile StreamEndpoint running;

  /** Guarded by lock for writing: it was closed, handed over or given away before it started. */
  private volatile boolean ended;

  /** Guarded by lock for writing: the descriptor is closed or given away; so it has ended, too. */
  private volatile boolean gone;

  /** Guarded by lock for writing: its close has begun, which its peer may hear of first. */
  private volatile boolean closing;

  /**
   * Makes a connection.
   *
   * @param engine the engine, of which this takes a share until it starts or ends
   * @param socket the descriptor, which this owns
   * @param channel its channel, not registered, or null
   * @param local the address that it is bound to
   * @param peer the peer's address; null if the system does not know it any more
   */
  DeferredStream(
      Engine engine, Socket socket, Channel channel, SocketAddress local, SocketAddress peer) {
    this.engine = engine.share();
    this.loop = engine.next();
    this.socket = socket;
    this.descriptor = new StreamDescriptor(socket);
    this.channel = channel;
    this.accepted = channel != null;
    this.lingerMayBeSet = !accepted;
    this.local = local;
    this.peer = peer;
    this.readiness = new DescriptorReadiness(socket.intValue(), this::readyBefore, this::isOpen);
  }

  /** What is ready although the system does not know it. */
  private int readyBefore() {
    return descriptor.arrived().length > 0 ? ReadinessSource.IN : 0;
  }

  @Override
  public ReadinessSource readiness() {
    if (watchesDescriptors()) {
      return readiness;
    }
    try {
      return started().readiness();
    } catch (IOException e) {
      return readiness;
    }
  }

  final boolean watchesDescriptors() {
    return engine.mechanism().watchesDescriptors();
  }

  /** Makes a socket that is to be connected. */
  DeferredStream(Engine engine, Socket socket) {
    this(engine, socket, null, null, null);
    this.connecting = new Connecting(engine, socket);
    this.lingerMayBeSet = false;
  }

  /** What was read before this was made, and is to be read again. */
  final void arrived(byte[] bytes) {
    descriptor.arrived(bytes);
  }

  final byte[] arrived() {
    return descriptor.arrived();
  }

  /** Makes a channel of the descriptor; the channel owns it from then on. */
  abstract Channel adopt(Engine engine, Socket socket) throws IOException;

  /** Asks the system who the peer is. With the descriptor held. */
  abstract SocketAddress askForPeer(Socket socket) throws IOException;

  // Before it is connected

  /** Binds the descriptor. */
  abstract void bind(Socket socket, SocketAddress address) throws IOException;

  /** The address in Netty's terms. */
  abstract SocketAddress toNetty(SocketAddress address);

  /** Asks the system what the descriptor is bound to; null if to nothing. */
  abstract SocketAddress askForLocal(Socket socket);

  @Override
  public void bind(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      if (connecting == null) {
        StreamEndpoint.super.bind(address);
      }
      bind(socket, address);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int connect(SocketAddress address, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    long pause = UnixSockets.firstPause();
    int errno = connectNow(address);
    boolean waits = timeoutNanos != 0 && hasToWait(errno);
    // over the loopback interface it is connected by now
    for (boolean again = false; timeoutNanos != 0 && hasToWait(errno); again = true) {
      long left = DirectDatagram.left(timeoutNanos, start);
      if (left == 0) {
        throw new SocketTimeoutException("timed out connecting to " + address);
      }
      if (errno == Errno.EAGAIN) {
        // a Unix server's queue is full, and nothing tells when there is room
        pause = UnixSockets.pause(pause, "connecting to " + address);
      } else if (again && !awaitConnect(left)) {
        throw new SocketTimeoutException("timed out connecting to " + address);
      }
      errno = connectNow(address);
    }
    return waits && errno == Errno.EISCONN ? 0 : errno;
  }

  private static boolean hasToWait(int errno) {
    return errno == Errno.EINPROGRESS || errno == Errno.EALREADY || errno == Errno.EAGAIN;
  }

  private int connectNow(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      if (connecting == null) {
        return Errno.EISCONN;
      }
      int errno = connecting.connect(toNetty(address));
      if (errno == 0) {
        connected(peerOr(address));
      }
      return errno;
    } finally {
      lock.unlock();
    }
  }

  private SocketAddress peerOr(SocketAddress address) {
    try {
      return askForPeer(socket);
    } catch (IOException e) {
      // the peer has reset the connection already
      return address;
    }
  }

  /** It is connected. With the lock held. */
  private void connected(SocketAddress to) {
    local = askForLocal(socket);
    peer = to;
    connecting.end();
    connecting = null;
  }

  /** Finds out whether it is connected, and throws if it is not. With the lock held. */
  private void checkConnected() throws IOException {
    if (connecting != null) {
      connected(askForPeer(socket));
    }
  }

  /** Waits until connect(2) has something to say; false if the time is over. */
  private boolean awaitConnect(long timeoutNanos) throws IOException {
    Connecting current;
    Readiness readiness;
    StackSpace.reserve();
    lock.lock();
    try {
      checkOpen();
      current = connecting;
      if (current == null) {
        return true;
      }
      readiness = current.readiness();
    } finally {
      lock.unlock();
    }
    return readiness.await(Readiness.WRITE, timeoutNanos, () -> ended || connecting != current);
  }

  /** Whether it is not connected, as far as is known. */
  final boolean isUnconnected() {
    return connecting != null;
  }

  /** Whether it is just being connected. */
  private boolean isConnecting() {
    if (connecting == null) {
      return false;
    }
    StackSpace.reserve();
    lock.lock();
    try {
      if (connecting == null || !connecting.isPending() || ended) {
        return false;
      }
      checkConnected();
      return false;
    } catch (IOException e) {
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, if it is being connected, until it is or that has failed; what is left of the time. */
  private long awaitConnected(long timeoutNanos) throws IOException {
    if (timeoutNanos == 0 || !isConnecting()) {
      return timeoutNanos;
    }
    long start = System.nanoTime();
    if (!awaitConnect(timeoutNanos)) {
      throw new SocketTimeoutException("timed out");
    }
    isConnecting();
    return timeoutNanos == FOREVER
        ? timeoutNanos
        : Math.max(DirectDatagram.left(timeoutNanos, start), 1);
  }

  /** The connection at work, which begins now if it has not yet. */
  final StreamEndpoint started() throws IOException {
    StreamEndpoint already = running;
    return already != null ? already : startAs(this::begin);
  }

  private NettyStream begin(Engine engine, Socket socket) throws IOException {
    // what is taken from the system here the loop cannot find any more, be it bytes or an error
    IOException lost = readiness.isWatched() ? readAhead() : null;
    if (channel == null) {
      lost = lost == null ? pendingError(socket) : lost;
      channel = adoptedChannel(engine, socket);
    }
    NettyStream stream = new NettyStream(engine, channel, loop);
    if (lingerMayBeSet) {
      stream.lingerMayBeSet();
    }
    if (accepted) {
      stream.markAlone();
    }
    stream.arrived(descriptor.arrived());
    if (lost == null && channel.isActive()) {
      stream.register();
      if (descriptor.outputEnded()) {
        stream.outputHasEnded();
      }
    } else {
      stream.beginLost(socket, lost == null ? ChannelErrors.reset() : lost);
    }
    return stream;
  }

  /**
   * Reads what is there, of which somebody has been told: the next call must find it, before the
   * loop does.
   *
   * @return what there is instead of bytes, for those to be told who have read what came before;
   *     null if all is well
   */
  private IOException readAhead() {
    try {
      descriptor.readAhead();
      return null;
    } catch (IOException | NotYetConnectedException e) {
      return ChannelErrors.ofReading(e);
    }
  }

  /** Takes the error that a channel would take, and not report, when it is made; null if none. */
  private static IOException pendingError(Socket socket) throws IOException {
    int errno =
        new Options.Native(socket).get(SocketConstants.SOL_SOCKET, SocketConstants.SO_ERROR);
    return errno == 0 ? null : SystemErrors.of(errno, Errno.strerror(errno));
  }

  private Channel adoptedChannel(Engine engine, Socket socket) throws IOException {
    try {
      return adopt(engine, socket);
    } catch (ChannelException e) {
      throw ChannelErrors.failed("cannot adopt descriptor " + socket.intValue(), e);
    }
  }

  /** Makes something of the descriptor. */
  interface Beginning {
    StreamEndpoint begin(Engine engine, Socket socket) throws IOException;
  }

  /** The connection at work, which becomes what is given if it has not begun. */
  final StreamEndpoint startAs(Beginning beginning) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      if (running == null) {
        checkOpen();
        checkConnected();
        begin(beginning);
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  private void begin(Beginning beginning) throws IOException {
    readiness.leave();
    try {
      running = beginning.begin(engine, socket);
      readiness.become(running.readiness());
    } finally {
      if (running == null) {
        readiness.stay();
      }
    }
    letGoOfEngine();
  }

  /** The descriptor's number, whether or not it is still this connection's. */
  final int descriptor() {
    return socket.intValue();
  }

  /** What it has become, or null. */
  final StreamEndpoint running() {
    return running;
  }

  /** For {@link Pipelines}. */
  final ChannelPipeline pipeline() {
    try {
      if (started() instanceof NettyStream stream) {
        return stream.pipeline();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalArgumentException("a connection that is not read ahead has no pipeline");
  }

  private void checkOpen() throws IOException {
    if (!isOpen()) {
      throw NettyEndpoint.closed();
    }
  }

  // What needs no event loop

  /** A call to the system about the descriptor. */
  interface Call<T> {
    T run(Socket socket) throws IOException;
  }

  /** Asks the system while the descriptor cannot be closed by this. */
  final <T> T ask(Call<T> call) throws IOException {
    lock.lock();
    try {
      checkOpen();
      return call.run(socket);
    } finally {
      lock.unlock();
    }
  }

  /** The loop that it will be registered with. */
  @Override
  public Executor eventLoop() {
    return loop;
  }

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    StackSpace.reserve();
    StreamEndpoint stream = running;
    return stream != null ? stream.remoteAddress() : ask(this::askForPeer);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    StackSpace.reserve();
    checkOpen();
    SocketAddress known = local;
    return known != null ? known : ask(this::askForLocal);
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    StackSpace.reserve();
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.setOption(level, name, value);
    } else {
      noteLinger(level, name);
      ask(
          socket -> {
            new Options.Native(socket).set(level, name, value);
            return null;
          });
    }
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    StackSpace.reserve();
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.setOption(level, name, value);
    } else {
      noteLinger(level, name);
      ask(
          socket -> {
            new Options.Native(socket).set(level, name, value);
            return null;
          });
    }
  }

  private void noteLinger(int level, int name) {
    if (level == SocketConstants.SOL_SOCKET && name == SocketConstants.SO_LINGER) {
      lingerMayBeSet = true;
    }
  }

  @Override
  public int option(int level, int name) throws IOException {
    StackSpace.reserve();
    StreamEndpoint stream = running;
    return stream != null
        ? stream.option(level, name)
        : ask(socket -> new Options.Native(socket).get(level, name));
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    StackSpace.reserve();
    StreamEndpoint stream = running;
    return stream != null
        ? stream.option(level, name, length)
        : ask(socket -> new Options.Native(socket).get(level, name, length));
  }

  @Override
  public int fileno() {
    StreamEndpoint stream = running;
    if (stream != null) {
      return stream.fileno();
    }
    return gone || closing ? -1 : socket.intValue();
  }

  @Override
  public boolean isOpen() {
    StreamEndpoint stream = running;
    return stream == null ? !ended : stream.isOpen();
  }

  @Override
  public boolean tlsWasCut() {
    StreamEndpoint stream = running;
    return stream != null && stream.tlsWasCut();
  }

  @Override
  public SSLSession tlsSession() {
    StreamEndpoint stream = running;
    return stream == null ? null : stream.tlsSession();
  }

  @Override
  public String applicationProtocol() {
    StreamEndpoint stream = running;
    return stream == null ? null : stream.applicationProtocol();
  }

  @Override
  public void settle() {
    engine.settle();
  }

  // Its ends

  /** Ends it before it starts; false if it has started. */
  private boolean endUnused(boolean givenAway) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      if (running != null) {
        return false;
      }
      checkOpen();
      checkConnected();
      if (givenAway && arrived().length > 0) {
        throw new IOException(
            "cannot detach: " + arrived().length + " bytes have arrived that nobody read");
      }
      ended = true;
      gone = givenAway;
      readiness.leave();
      letGoOfEngine();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public byte[] handOver() throws IOException {
    return endUnused(false) ? arrived() : running.handOver();
  }

  @Override
  public int detach() throws IOException {
    return endUnused(true) ? socket.intValue() : running.detach();
  }

  @Override
  public void close() {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      if (running != null) {
        running.close();
      } else if (!gone) {
        closeUnused();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitSent() {
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.awaitSent();
    }
  }

  /** Whoever comes after an Error does what is left of it. With the lock held. */
  private void closeUnused() {
    ended = true;
    closing = true;
    try {
      if (connecting != null) {
        connecting.end();
      }
      readiness.leave();
    } finally {
      closeSocket();
    }
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the connection failed", ChannelErrors.of(e));
    } finally {
      // an Error has not closed it
      gone = !socket.isOpen();
      if (gone) {
        letGoOfEngine();
      }
    }
  }

  /** Gives back this connection's share of the engine; once. With the lock held. */
  private void letGoOfEngine() {
    if (shares) {
      shares = false;
      engine.release();
    }
  }

  // What it has become does the rest

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    long left = timeoutNanos;
    while (running == null && length > 0 && (!peek || left == 0 || isConnecting())) {
      int count = peek ? lookNow() : readNow(target, offset, length);
      if (count < 0 || count > 0 && !peek) {
        return count;
      }
      if (count == HAS_TO_WAIT && left == 0 && running == null) {
        throw new WouldBlockException("nothing has arrived");
      }
      if (count > 0 || !isConnecting()) {
        break;
      }
      left = awaitConnected(left);
    }
    return started().read(target, offset, length, left, peek);
  }

  @Override
  public byte[] receive(int most, long timeoutNanos) throws IOException {
    if (running != null) {
      return running.receive(most, timeoutNanos);
    }
    byte[] bytes = receiveNow(most);
    if (bytes != null) {
      return bytes;
    }
    if (timeoutNanos == 0 && running == null) {
      throw new WouldBlockException("nothing has arrived");
    }
    long left = awaitConnected(timeoutNanos);
    return started().receive(most, left);
  }

  /** Receives what is there; null if that is nothing, and not the end. */
  private byte[] receiveNow(int most) throws IOException {
    StackSpace.reserve();
    return onDescriptor(null, () -> descriptor.receive(most));
  }

  /** Receives what is there to be read again: how much of that there is. */
  private int lookNow() throws IOException {
    StackSpace.reserve();
    int count = onDescriptor(HAS_TO_WAIT, descriptor::look);
    noteReadAhead();
    return count;
  }

  private int readNow(byte[] target, int offset, int length) throws IOException {
    StackSpace.reserve();
    return onDescriptor(HAS_TO_WAIT, () -> descriptor.read(target, offset, length));
  }

  /** A call on the descriptor that does not wait. */
  interface DescriptorCall<T> {
    T run() throws IOException;
  }

  /** The descriptor and what was read of it; to be used while {@link #onDescriptor}. */
  final StreamDescriptor streamDescriptor() {
    return descriptor;
  }

  /** Something was read to be read again, which the system does not know of any more. */
  final void noteReadAhead() {
    readiness.changed();
  }

  /** Makes a call, if it is a descriptor still. */
  final <T> T onDescriptor(T otherwise, DescriptorCall<T> call) throws IOException {
    lock.lock();
    try {
      if (running != null) {
        return otherwise;
      }
      checkOpen();
      return call.run();
    } catch (IOException | NotYetConnectedException e) {
      throw connecting != null ? Connecting.failed(e) : ChannelErrors.ofReading(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    long left = timeoutNanos;
    if (connecting != null) {
      try {
        left = awaitConnected(timeoutNanos);
      } catch (SocketTimeoutException e) {
        return false;
      }
      StackSpace.reserve();
      lock.lock();
      try {
        checkOpen();
        checkConnected();
      } catch (SocketException e) {
        // what is wrong is to be read, unless it still is being connected
        return ended || connecting != null && !connecting.isPending() || left != 0;
      } finally {
        lock.unlock();
      }
    }
    return started().awaitReadable(left);
  }

  @Override
  public int available() {
    try {
      return ended ? 0 : started().available();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    return write(source, offset, length, timeoutNanos, false);
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    long left = timeoutNanos;
    while (running == null && length > 0) {
      int count = writeNow(source, offset, length);
      if (count != HAS_TO_WAIT) {
        return count;
      }
      if (left == 0 && running == null) {
        throw new WouldBlockException("no room to write");
      }
      if (!isConnecting()) {
        break;
      }
      left = awaitConnected(left);
    }
    return started().write(source, offset, length, left, more);
  }

  private int writeNow(byte[] source, int offset, int length) throws IOException {
    StackSpace.reserve();
    lock.lock();
    try {
      if (running != null) {
        return HAS_TO_WAIT;
      }
      checkOpen();
      try {
        return descriptor.write(source, offset, length);
      } catch (IOException | NotYetConnectedException e) {
        throw connecting != null ? Connecting.failed(e) : ChannelErrors.ofWriting(e);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    return started().transferFrom(file, position, count, timeoutNanos);
  }

  @Override
  public void shutdownInput() throws IOException {
    started().shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    if (running != null || !shutdownNow()) {
      started().shutdownOutput();
    }
  }

  private boolean shutdownNow() throws IOException {
    StackSpace.reserve();
    lock.lock();
    try {
      if (running != null) {
        return false;
      }
      checkOpen();
      checkConnected();
      descriptor.shutdownOutput(this::askForPeer);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void startTls(SSLEngine tls, byte[] unread, long deadlineNanos) throws IOException {
    started().startTls(tls, unread, deadlineNanos);
  }
}
