package socketserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The lines of a reader, each of which is read when it is asked for. */
final class LineIterator implements Iterator<byte[]> {
  private final SocketReader reader;

  /** Empty at the end of the stream; null if it has not been read. */
  private byte[] next;

  LineIterator(SocketReader reader) {
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = reader.readline();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next.length > 0;
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException("end of stream");
    }
    byte[] line = next;
    next = null;
    return line;
  }
}
