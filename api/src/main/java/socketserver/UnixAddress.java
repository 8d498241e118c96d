package socketserver;

import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import socketserver.spi.Printable;

/**
 * The address of a Unix domain socket: a path, a name in Linux's abstract namespace, or none at all
 * (see unix(7)). Immutable.
 *
 * <p>In Python the first is a {@code str}, the second are {@code bytes} that start with a zero, and
 * the third is {@code ''} for a stream's peer and {@code None} for a datagram's sender.
 */
public final class UnixAddress extends SocketAddress {
  /** The address of a socket that is bound to none. */
  public static final UnixAddress UNNAMED = new UnixAddress("");

  private static final long serialVersionUID = 1;

  /** The path, the name after its zero character, or nothing. */
  private final String path;

  private UnixAddress(String path) {
    this.path = path;
  }

  /**
   * Makes an address of a path or an abstract name. Whether the system can take it is checked when
   * a socket is bound or connected.
   *
   * @param path the path, in UTF-8 where the system sees it; a leading {@code '\0'} makes it a name
   *     in the abstract namespace; empty to be unnamed, which to {@code bind} on Linux means an
   *     abstract name of the system's choice
   * @return the address
   * @throws IllegalArgumentException if there is a zero character in it that is not the first
   */
  public static UnixAddress of(String path) {
    Objects.requireNonNull(path, "path is null");
    if (path.indexOf('\0', 1) > 0 && path.charAt(0) != '\0') {
      throw new IllegalArgumentException(
          "a path has no zero character: " + path.replace("\0", "\\0"));
    }
    return path.isEmpty() ? UNNAMED : new UnixAddress(path);
  }

  /**
   * Makes an address of a path.
   *
   * @param path the path
   * @return the address
   */
  public static UnixAddress of(Path path) {
    return of(Objects.requireNonNull(path, "path is null").toString());
  }

  /**
   * Makes an address of the JDK's.
   *
   * @param address a {@link UnixDomainSocketAddress}, or one of this class, which is returned
   * @return the address
   * @throws SocketException if it is of another family
   */
  public static UnixAddress of(SocketAddress address) throws SocketException {
    if (address instanceof UnixAddress unix) {
      return unix;
    }
    if (address instanceof UnixDomainSocketAddress jdk) {
      return of(jdk.getPath());
    }
    throw new SocketException(
        "not an address of a unix socket: " + address + "; give a path or a UnixAddress");
  }

  /**
   * Returns the path, or the abstract name with its leading {@code '\0'}.
   *
   * @return the path or name; empty if this is unnamed
   */
  public String path() {
    return path;
  }

  /**
   * Tells whether this is a name in the abstract namespace, which has no file.
   *
   * @return true if its first character is {@code '\0'}
   */
  public boolean isAbstract() {
    return path.startsWith("\0");
  }

  /**
   * Tells whether this is the address of a socket that is bound to none: usual for clients. Nothing
   * can be sent to it.
   *
   * @return true if it has neither a path nor a name
   */
  public boolean isUnnamed() {
    return path.isEmpty();
  }

  /** Whether there is a file. */
  boolean hasFile() {
    return !isAbstract() && !isUnnamed();
  }

  /** The bytes that the system is given. */
  byte[] bytes() {
    return path.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnixAddress unix && unix.path.equals(path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /**
   * Describes the address for people.
   *
   * @return the path; the abstract name with an {@code @} before it, as ss(8) shows it; or {@code
   *     unnamed}. What is not printable, which another process may have chosen, is escaped
   */
  @Override
  public String toString() {
    if (isUnnamed()) {
      return "unnamed";
    }
    return Printable.of(isAbstract() ? "@" + path.substring(1).replace('\0', '@') : path);
  }
}
