package socketserver;

import java.util.Locale;
import java.util.Map;

/**
 * The numbers of Python's {@code errno} module that sockets meet, as this operating system counts
 * them: what {@link StreamSocket#connectEx} returns, and the value of the option {@link
 * SocketConstants#SO_ERROR}.
 *
 * <p>They come from {@code errno.h} of the two families, as those of {@link SocketConstants} do.
 */
public final class Errno {
  /** The operation is not permitted. */
  public static final int EPERM = 1;

  /** No such file: nothing is at the path of a Unix socket. */
  public static final int ENOENT = 2;

  /** The call was interrupted. */
  public static final int EINTR = 4;

  /** The descriptor is closed. */
  public static final int EBADF = 9;

  /** There is nothing to do now: the call would have to wait. */
  public static final int EAGAIN = OperatingSystem.linuxOrBsd(11, 35);

  /** The same as {@link #EAGAIN}. */
  public static final int EWOULDBLOCK = EAGAIN;

  /** There is no memory. */
  public static final int ENOMEM = 12;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** A part of the path is no folder. */
  public static final int ENOTDIR = 20;

  /** The argument or the state of the socket does not fit the call. */
  public static final int EINVAL = 22;

  /** Too many descriptors are open in the whole system. */
  public static final int ENFILE = 23;

  /** Too many descriptors are open. */
  public static final int EMFILE = 24;

  /** The path is on a file system that can only be read. */
  public static final int EROFS = 30;

  /** Nobody takes what is written. */
  public static final int EPIPE = 32;

  /** The path is too long. */
  public static final int ENAMETOOLONG = OperatingSystem.linuxOrBsd(36, 63);

  /** The descriptor is no socket. */
  public static final int ENOTSOCK = OperatingSystem.linuxOrBsd(88, 38);

  /** A datagram has no address to go to. */
  public static final int EDESTADDRREQ = OperatingSystem.linuxOrBsd(89, 39);

  /** The datagram is too long. */
  public static final int EMSGSIZE = OperatingSystem.linuxOrBsd(90, 40);

  /** The sockets are of different types. */
  public static final int EPROTOTYPE = OperatingSystem.linuxOrBsd(91, 41);

  /** The protocol has no such option. */
  public static final int ENOPROTOOPT = OperatingSystem.linuxOrBsd(92, 42);

  /** The socket does not support the call. */
  public static final int EOPNOTSUPP = OperatingSystem.linuxOrBsd(95, 45);

  /** The address is of another family. */
  public static final int EAFNOSUPPORT = OperatingSystem.linuxOrBsd(97, 47);

  /** The address is in use. */
  public static final int EADDRINUSE = OperatingSystem.linuxOrBsd(98, 48);

  /** The address is none of this machine's, or no port is free. */
  public static final int EADDRNOTAVAIL = OperatingSystem.linuxOrBsd(99, 49);

  /** The network is down. */
  public static final int ENETDOWN = OperatingSystem.linuxOrBsd(100, 50);

  /** The network cannot be reached. */
  public static final int ENETUNREACH = OperatingSystem.linuxOrBsd(101, 51);

  /** The connection was given up; on Linux also by a connect whose error was read before. */
  public static final int ECONNABORTED = OperatingSystem.linuxOrBsd(103, 53);

  /** The peer reset the connection. */
  public static final int ECONNRESET = OperatingSystem.linuxOrBsd(104, 54);

  /** There is no memory for the socket. */
  public static final int ENOBUFS = OperatingSystem.linuxOrBsd(105, 55);

  /** The socket is connected already. */
  public static final int EISCONN = OperatingSystem.linuxOrBsd(106, 56);

  /** The socket is not connected. */
  public static final int ENOTCONN = OperatingSystem.linuxOrBsd(107, 57);

  /** The direction was shut down. */
  public static final int ESHUTDOWN = OperatingSystem.linuxOrBsd(108, 58);

  /** Too many descriptors are under way over Unix sockets. */
  public static final int ETOOMANYREFS = OperatingSystem.linuxOrBsd(109, 59);

  /** The peer does not answer. */
  public static final int ETIMEDOUT = OperatingSystem.linuxOrBsd(110, 60);

  /** Nobody listens there. */
  public static final int ECONNREFUSED = OperatingSystem.linuxOrBsd(111, 61);

  /** The host is down. */
  public static final int EHOSTDOWN = OperatingSystem.linuxOrBsd(112, 64);

  /** There is no way to the host. */
  public static final int EHOSTUNREACH = OperatingSystem.linuxOrBsd(113, 65);

  /** The socket is being connected already. */
  public static final int EALREADY = OperatingSystem.linuxOrBsd(114, 37);

  /** Connecting has begun and will take a while. */
  public static final int EINPROGRESS = OperatingSystem.linuxOrBsd(115, 36);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM: operation not permitted"),
          Map.entry(ENOENT, "ENOENT: no such file or directory"),
          Map.entry(EINTR, "EINTR: interrupted system call"),
          Map.entry(EBADF, "EBADF: bad file descriptor"),
          Map.entry(EAGAIN, "EAGAIN: resource temporarily unavailable"),
          Map.entry(ENOMEM, "ENOMEM: cannot allocate memory"),
          Map.entry(EACCES, "EACCES: permission denied"),
          Map.entry(ENOTDIR, "ENOTDIR: not a directory"),
          Map.entry(EINVAL, "EINVAL: invalid argument"),
          Map.entry(ENFILE, "ENFILE: too many open files in system"),
          Map.entry(EMFILE, "EMFILE: too many open files"),
          Map.entry(EROFS, "EROFS: read-only file system"),
          Map.entry(EPIPE, "EPIPE: broken pipe"),
          Map.entry(ENAMETOOLONG, "ENAMETOOLONG: file name too long"),
          Map.entry(ENOTSOCK, "ENOTSOCK: socket operation on non-socket"),
          Map.entry(EDESTADDRREQ, "EDESTADDRREQ: destination address required"),
          Map.entry(EMSGSIZE, "EMSGSIZE: message too long"),
          Map.entry(EPROTOTYPE, "EPROTOTYPE: protocol wrong type for socket"),
          Map.entry(ENOPROTOOPT, "ENOPROTOOPT: protocol not available"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP: operation not supported"),
          Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT: address family not supported by protocol"),
          Map.entry(EADDRINUSE, "EADDRINUSE: address already in use"),
          Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL: cannot assign requested address"),
          Map.entry(ENETDOWN, "ENETDOWN: network is down"),
          Map.entry(ENETUNREACH, "ENETUNREACH: network is unreachable"),
          Map.entry(ECONNABORTED, "ECONNABORTED: software caused connection abort"),
          Map.entry(ECONNRESET, "ECONNRESET: connection reset by peer"),
          Map.entry(ENOBUFS, "ENOBUFS: no buffer space available"),
          Map.entry(EISCONN, "EISCONN: transport endpoint is already connected"),
          Map.entry(ENOTCONN, "ENOTCONN: transport endpoint is not connected"),
          Map.entry(ESHUTDOWN, "ESHUTDOWN: cannot send after transport endpoint shutdown"),
          Map.entry(ETOOMANYREFS, "ETOOMANYREFS: too many references: cannot splice"),
          Map.entry(ETIMEDOUT, "ETIMEDOUT: connection timed out"),
          Map.entry(ECONNREFUSED, "ECONNREFUSED: connection refused"),
          Map.entry(EHOSTDOWN, "EHOSTDOWN: host is down"),
          Map.entry(EHOSTUNREACH, "EHOSTUNREACH: no route to host"),
          Map.entry(EALREADY, "EALREADY: operation already in progress"),
          Map.entry(EINPROGRESS, "EINPROGRESS: operation now in progress"));

  private Errno() {}

  /**
   * Returns the name of a number (Python: {@code errno.errorcode[number]}).
   *
   * @param number one of the numbers here
   * @return its name, such as {@code ECONNREFUSED}; the number in digits if it is none of these
   */
  public static String errorcode(int number) {
    String known = NAMES.get(number);
    return known == null ? Integer.toString(number) : known.substring(0, known.indexOf(':'));
  }

  /**
   * Says what a number means (Python: {@code os.strerror(number)}).
   *
   * @param number one of the numbers here, or 0
   * @return the meaning in lower case, in English
   */
  public static String strerror(int number) {
    String known = NAMES.get(number);
    if (known == null) {
      return number == 0 ? "success" : String.format(Locale.ROOT, "error %d", number);
    }
    return known.substring(known.indexOf(':') + 2);
  }
}
