package socketserver;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import socketserver.select.Selectable;
import socketserver.spi.ReadinessSource;

/**
 * The standard input as something to select on (Python: {@code sys.stdin} in a list of {@code
 * select.select}).
 *
 * <p>Reads the descriptor itself: what {@link System#in} has read ahead is not seen here, nor the
 * other way round, so that a program uses one of the two.
 */
public final class StandardInput implements Selectable {
  private static final int NUMBER = 0;

  /** Made when first asked for. */
  private static final class Only {
    static final SocketReader READER = open();

    private static SocketReader open() {
      SocketReader reader = new SocketReader(new FileInputStream(FileDescriptor.in));
      reader.reads(new StandardInput());
      return reader;
    }
  }

  private final ReadinessSource readiness = new RawDescriptor(NUMBER);

  private StandardInput() {}

  /**
   * Returns the reader of the standard input. After a terminal, a pipe or a socket it is ready when
   * a read would not wait; a regular file always is. There is one for the process: do not close it.
   *
   * @return the reader, the same each time
   */
  public static SocketReader stdin() {
    return Only.READER;
  }

  @Override
  public int fileno() {
    return NUMBER;
  }

  @Override
  public ReadinessSource readiness() {
    return readiness;
  }
}
