package socketserver.netty.stream;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.SocketConstants;
import socketserver.netty.ground.Scratch;
import socketserver.netty.loop.EpollPoller;
import socketserver.spi.ReadinessSource;
import socketserver.spi.SystemErrors;

/**
 * The urgent byte of a TCP connection: recv(2) and send(2) with MSG_OOB, for which Netty has no
 * method. Nothing here waits.
 *
 * <p>To receive it, it is put into the stream for a moment (SO_OOBINLINE in tcp(7)). A read never
 * goes on beyond where it is, and the system announces it until a read has taken it: so it is the
 * first byte of the read after which it is not announced any more. What comes before it is kept to
 * be read again.
 */
final class UrgentData {
  /** How much may come before it: what is kept to be read again must not grow without limit. */
  private static final int MOST_BEFORE = 1 << 20;

  private static final byte[] IGNORED_ADDRESS = {127, 0, 0, 1};

  /** Netty's sendto(2), whose last argument is the flags; null if it is another version's. */
  private static final Method SEND = sendTo();

  private UrgentData() {}

  /** Takes the urgent byte. Whoever calls this holds the connection's lock. */
  static byte receive(InternetCalls calls, Input input) throws IOException {
    Socket socket = calls.socket();
    if (inline(socket) != 0) {
      throw SystemErrors.of(Errno.EINVAL, "no urgent data: it is in the stream (SO_OOBINLINE)");
    }
    try (Announced announced = new Announced(socket.intValue())) {
      if (!announced.is()) {
        throw SystemErrors.of(Errno.EINVAL, "no urgent data has arrived");
      }
      inline(socket, 1);
      try {
        return takeOut(calls, input, announced);
      } finally {
        inline(socket, 0);
      }
    }
  }

  private static byte takeOut(InternetCalls calls, Input input, Announced announced)
      throws IOException {
    byte[] room = new byte[Scratch.SIZE];
    while (input.size() < MOST_BEFORE) {
      int count = calls.receive(room, 0, room.length);
      if (count <= 0) {
        throw SystemErrors.of(Errno.EAGAIN, "no urgent data has arrived");
      }
      int others = announced.is() ? 0 : 1;
      input.add(room, others, count - others);
      if (others == 1) {
        return room[0];
      }
    }
    throw new SocketException("read on before the urgent data: much came before it");
  }

  private static int inline(Socket socket) throws IOException {
    return socket.getIntOpt(SocketConstants.SOL_SOCKET, SocketConstants.SO_OOBINLINE);
  }

  private static void inline(Socket socket, int value) throws IOException {
    socket.setIntOpt(SocketConstants.SOL_SOCKET, SocketConstants.SO_OOBINLINE, value);
  }

  /** Sends one byte as urgent: 1, or 0 if there is no room. */
  static int send(Socket socket, byte value) throws IOException {
    if (SEND == null) {
      throw new UnsupportedOperationException("this version of Netty sends no urgent data");
    }
    Scratch scratch = Scratch.take();
    try {
      scratch.buffer().put(0, value);
      int sent =
          (int)
              // a connected socket sends to its peer, whatever the address
              SEND.invoke(
                  null,
                  socket.intValue(),
                  false,
                  scratch.address(),
                  0,
                  1,
                  IGNORED_ADDRESS,
                  0,
                  1,
                  SocketConstants.MSG_OOB);
      if (sent < 0 && sent != -Errno.EAGAIN) {
        throw SystemErrors.of(-sent, "cannot send urgent data: " + Errno.strerror(-sent));
      }
      return Math.max(sent, 0);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new SocketException("cannot send urgent data: " + e.getCause());
    } finally {
      scratch.give();
    }
  }

  private static Method sendTo() {
    try {
      Method method =
          Socket.class.getDeclaredMethod(
              "sendToAddress",
              int.class,
              boolean.class,
              long.class,
              int.class,
              int.class,
              byte[].class,
              int.class,
              int.class,
              int.class);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** Whether the system announces an urgent byte of a descriptor. */
  private static final class Announced implements AutoCloseable {
    private final EpollPoller poller = new EpollPoller();
    private boolean told;

    Announced(int descriptor) throws IOException {
      try {
        poller.add(descriptor, ReadinessSource.PRI, events -> told |= isUrgent(events));
      } catch (IOException | RuntimeException | Error e) {
        poller.close();
        throw e;
      }
    }

    private static boolean isUrgent(int events) {
      return (events & ReadinessSource.PRI) != 0;
    }

    boolean is() {
      told = false;
      poller.run(0, () -> false);
      return told;
    }

    @Override
    public void close() {
      poller.close();
    }
  }
}
