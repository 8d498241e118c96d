package socketserver.unix;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import socketserver.netty.ground.ChannelErrors;

/**
 * socketpair(2): two connected stream sockets that never had a name, so that no other process can
 * see or block them. Closed on exec.
 *
 * <p>Netty has no such call. junixsocket 2.11.1 puts the two into channels that have a socket each
 * already, which then stays open for good; so its native call is made past its interface.
 */
public final class NativePair {
  private static final String NATIVE = "org.newsclub.net.unix.NativeUnixSocket";

  /** What junixsocket has for AF_UNIX, on all systems. */
  private static final int DOMAIN = 1;

  /** What it has for SOCK_STREAM. */
  private static final int STREAM = 1;

  private NativePair() {}

  /**
   * Makes a pair.
   *
   * @param blocking whether calls on the two wait
   * @return the two, which are the caller's to close
   * @throws IOException if the system refuses, or junixsocket does not work here
   */
  public static FileDescriptor[] open(boolean blocking) throws IOException {
    FileDescriptor near = new FileDescriptor();
    FileDescriptor far = new FileDescriptor();
    try {
      pair().invoke(null, DOMAIN, STREAM, near, far);
      configure().invoke(null, near, blocking);
      configure().invoke(null, far, blocking);
      return new FileDescriptor[] {near, far};
    } catch (InvocationTargetException e) {
      throw failed(near, far, e.getCause());
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      throw failed(near, far, e);
    }
  }

  private static Method pair() throws ReflectiveOperationException {
    return method("socketPair", int.class, int.class, FileDescriptor.class, FileDescriptor.class);
  }

  private static Method configure() throws ReflectiveOperationException {
    return method("configureBlocking", FileDescriptor.class, boolean.class);
  }

  private static Method method(String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Class<?> calls = Class.forName(NATIVE, true, AFUNIXSocketChannel.class.getClassLoader());
    Method method = calls.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  private static IOException failed(FileDescriptor near, FileDescriptor far, Throwable cause)
      throws IOException {
    DescriptorPassing.close(near);
    DescriptorPassing.close(far);
    String what = "cannot make a pair of unix sockets";
    return cause instanceof IOException refused
        ? ChannelErrors.failed(what, refused)
        : new IOException(what + ": " + cause.getMessage(), cause);
  }
}
