package socketserver.netty.stream;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import socketserver.Errno;
import socketserver.spi.SystemErrors;

/**
 * sendfile(2), which Netty keeps to its own channels. Where its method cannot be had, files are
 * copied.
 */
final class SendFile {
  /** Null where there is none. */
  private static final Method SEND = method();

  private SendFile() {}

  private static Method method() {
    if (!Epoll.isAvailable()) {
      return null;
    }
    try {
      Method method =
          LinuxSocket.class.getDeclaredMethod(
              "sendFile", int.class, DefaultFileRegion.class, long.class, long.class, long.class);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  /** As {@link StreamCalls#sendFile}. */
  static long send(int descriptor, DefaultFileRegion region, long from, long count)
      throws IOException {
    if (SEND == null) {
      return StreamCalls.NOT_SENT_BY_SYSTEM;
    }
    try {
      long sent = (long) SEND.invoke(null, descriptor, region, region.position(), from, count);
      if (sent == -Errno.EINVAL) {
        // not a file that it could map
        return StreamCalls.NOT_SENT_BY_SYSTEM;
      }
      if (sent < 0 && sent != -Errno.EAGAIN) {
        throw SystemErrors.of((int) -sent, "cannot send a file: " + Errno.strerror((int) -sent));
      }
      return Math.max(sent, 0);
    } catch (InvocationTargetException e) {
      throw new IOException("cannot send a part of a file", e.getCause());
    } catch (IllegalAccessException e) {
      return StreamCalls.NOT_SENT_BY_SYSTEM;
    }
  }
}
