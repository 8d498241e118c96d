package socketserver.netty.stream;

import java.io.IOException;
import java.util.Arrays;
import socketserver.BrokenPipeException;

/**
 * What was written to a connection and waits for what is likely to follow, so that small writes
 * that belong together leave together.
 *
 * <p>Guarded by the connection's lock for writing.
 */
final class Output {
  /** From here on a system call of its own costs less than to copy for a common one. */
  private static final int MOST = 16 << 10;

  private static final byte[] NOTHING = {};

  private byte[] held = NOTHING;

  /** Written with the lock held; read by any thread, as a hint. */
  private volatile int count;

  /** Why nothing can be written any more, or null. Without the lock, a hint. */
  private volatile IOException failure;

  /** Bytes that the system does not have yet; without the lock, a hint. */
  int count() {
    return count;
  }

  /** Keeps bytes for later; false if they are too many. */
  boolean hold(byte[] source, int offset, int length) {
    int now = count;
    if (now + length > MOST) {
      return false;
    }
    if (held.length < now + length) {
      held = Arrays.copyOf(held, Math.min(MOST, Math.max(2 * held.length, now + length)));
    }
    System.arraycopy(source, offset, held, now, length);
    count = now + length;
    return true;
  }

  /** Sends what is held, as far as there is room; whether nothing is left. */
  boolean flush(StreamCalls calls) throws IOException {
    // a shutdown by another thread drops what is held
    byte[] bytes = held;
    int sent = 0;
    int now = Math.min(count, bytes.length);
    try {
      while (sent < now) {
        int went = calls.send(bytes, sent, now - sent);
        if (went == 0) {
          break;
        }
        sent += went;
      }
    } finally {
      if (held == bytes) {
        drop(sent);
      }
    }
    return count == 0;
  }

  private void drop(int sent) {
    int left = count - sent;
    if (left == 0) {
      held = NOTHING;
    } else if (sent > 0) {
      System.arraycopy(held, sent, held, 0, left);
    }
    count = left;
  }

  /** Takes what is held. */
  byte[] takeAll() {
    byte[] taken = Arrays.copyOf(held, count);
    held = NOTHING;
    count = 0;
    return taken;
  }

  /** Nothing can be written any more; the next write throws this, if it is the first reason. */
  void fail(IOException error) {
    held = NOTHING;
    count = 0;
    if (failure == null) {
      failure = error;
    }
  }

  /** Nothing can be written any more, but what is held is still to be sent. */
  void end(IOException error) {
    if (failure == null) {
      failure = error;
    }
  }

  /** Whether nothing can be written any more. */
  boolean hasFailed() {
    return failure != null;
  }

  /** Throws the error that nobody was told, once, and then that the pipe is broken. */
  void check() throws IOException {
    IOException error = failure;
    if (error != null) {
      if (!(error instanceof BrokenPipeException)) {
        failure = new BrokenPipeException("broken pipe: the connection is lost");
      }
      error.fillInStackTrace();
      throw error;
    }
  }
}
