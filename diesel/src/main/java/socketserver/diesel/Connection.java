package socketserver.diesel;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * What a loop reads and writes with {@link Diesel#receive}, {@link Diesel#until} and {@link
 * Diesel#send}: a stream of a {@link Service} or {@link Client}, or the socket of a {@link
 * UDPService} or {@link UDPClient} (Python: {@code diesel.Connection} and {@code UDPSocket}). Its
 * methods are for the loops of its application.
 */
public abstract class Connection {
  /** What is waited for by whom; null if nobody waits. Guarded by the baton. */
  private Wait reader;

  private Demand demand;

  /** Stands for input that never comes. */
  interface End {
    /** What the reader is told. */
    ConnectionClosed told();
  }

  Connection() {}

  /**
   * Returns the address of the other side (Python: {@code addr}).
   *
   * @return the address; of a datagram socket the sender of what was received last, null before
   */
  public abstract InetSocketAddress addr();

  /**
   * Tells whether it is closed, or known to be closed by the other side.
   *
   * @return true if sending would fail
   */
  public abstract boolean isClosed();

  /** Closes it when all that was sent has left. Does not wait. Idempotent. */
  public abstract void close();

  // By the baton's holder

  /**
   * Takes what a demand asks for, if it is there.
   *
   * @return null if it has not arrived yet
   * @throws ConnectionClosed if it never will
   */
  final Object take(Demand what) throws ConnectionClosed {
    Object there = arrived(what);
    return there == null ? null : received(there);
  }

  /** Takes what a demand asks for; an {@link End} if it never comes, null if it has not yet. */
  abstract Object arrived(Demand what);

  /** Returns what has arrived, or throws what says that nothing will. */
  final Object received(Object arrived) throws ConnectionClosed {
    if (arrived instanceof End end) {
      throw end.told();
    }
    return arrived;
  }

  /** Whether the other side has ended the stream, and all of it was read. */
  boolean isExhausted() {
    return false;
  }

  /** Queues data; see {@link Diesel#send}. */
  abstract void send(byte[] data, int priority) throws IOException;

  /** Hands what was queued to the event loop. */
  abstract void flush();

  /** Somebody waits, or nobody does any more. */
  abstract void wanted(boolean wanted);

  /** Lets a wait end with the input. */
  final void await(Wait wait, Demand what) {
    if (reader != null) {
      throw new IllegalStateException("another loop waits for input of " + this);
    }
    if (!wait.isOver()) {
      reader = wait;
      demand = what;
      wait.input(this);
      wanted(true);
    }
  }

  /** A wait has ended, however. */
  final void forget(Wait wait) {
    if (reader == wait) {
      reader = null;
      demand = null;
      wanted(false);
    }
  }

  /** Something has arrived, or nothing more will: ends the wait that this was for. */
  final void wakeReader() {
    if (reader != null) {
      Object value = arrived(demand);
      if (value != null) {
        reader.end(demand.token(), value);
      }
    }
  }
}
