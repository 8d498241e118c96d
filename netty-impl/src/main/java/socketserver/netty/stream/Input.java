package socketserver.netty.stream;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import socketserver.ConnectionResetException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.Scratch;
import socketserver.netty.loop.Readiness;

/**
 * What was received from a connection and nobody has taken: what was only looked at, what came
 * through a pipeline, and how the stream has ended.
 *
 * <p>Guarded by the connection's lock for reading; with a pipeline, used on the channel's loop.
 */
final class Input {
  private static final byte[] NOTHING = {};
  private static final int CHUNK = 64 << 10;

  private byte[] bytes = NOTHING;
  private volatile int start;

  /** Written as the rest is; read by any thread, as a hint. */
  private volatile int end;

  /** What went wrong when nobody could be told. */
  private volatile IOException untold;

  /** Set for good: the end was read, or reading was shut down. */
  private volatile boolean ended;

  /** The end is one that the peer's TLS has announced. */
  private volatile boolean announced;

  /** The last call took all there was: the next would have to wait. */
  private boolean drained;

  /** Something came to be here that was not before. */
  private boolean news;

  /** How many bytes there are; without the lock, a hint. */
  int size() {
    return end - start;
  }

  /** Whether a read would find something here. */
  boolean isReadable() {
    return end > start || untold != null || ended;
  }

  boolean hasFailed() {
    return untold != null;
  }

  boolean hasEnded() {
    return ended;
  }

  void end() {
    ended = true;
  }

  /** Takes the end of the stream out again, if it has come: more may follow it. */
  boolean takeEnd() {
    boolean had = ended;
    ended = false;
    return had;
  }

  void announceEnd() {
    announced = true;
  }

  /** Whether the stream has ended, and TLS has not announced it. */
  boolean wasCut() {
    return ended && !announced;
  }

  /** The next read throws this, once what is here is taken. */
  void fail(IOException error) {
    untold = error;
    news = true;
  }

  /** The system may have more. */
  void mayHaveMore() {
    drained = false;
  }

  /** Adds bytes, which come last. */
  void add(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, end, length);
    grow(length);
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread at a time
  private void grow(int length) {
    end += length;
    news = true;
  }

  /** Whether something came to be here since this was called. */
  boolean takeNews() {
    boolean had = news;
    news = false;
    return had;
  }

  /** Adds bytes, which come last; releases the buffer. */
  void add(ByteBuf buffer) {
    try {
      int length = buffer.readableBytes();
      reserve(length);
      buffer.readBytes(bytes, end, length);
      grow(length);
    } finally {
      buffer.release();
    }
  }

  private void reserve(int length) {
    int held = end - start;
    if (start > 0 || bytes.length - end < length) {
      byte[] room = bytes.length >= held + length ? bytes : new byte[held + length];
      System.arraycopy(bytes, start, room, 0, held);
      bytes = room;
      start = 0;
      end = held;
    }
  }

  /** Takes all bytes. */
  byte[] takeAll() {
    return take(size());
  }

  private byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
    skip(count);
    return taken;
  }

  private void skip(int count) {
    start += count;
    if (start == end) {
      bytes = NOTHING;
      start = 0;
      end = 0;
    }
  }

  /** Takes what is here: how much, 0 if nothing, -1 at the end. */
  int take(byte[] target, int offset, int length, boolean peek) throws IOException {
    int count = Math.min(length, size());
    if (count == 0) {
      return outcome();
    }
    System.arraycopy(bytes, start, target, offset, count);
    if (!peek) {
      skip(count);
    }
    return count;
  }

  /** Takes what is here; none at the end; null if there is nothing. */
  byte[] receive(int most) throws IOException {
    if (size() > 0) {
      return take(Math.min(most, size()));
    }
    return outcome() < 0 ? NOTHING : null;
  }

  /** How it is with nothing here. An error is told once, as the system does it. */
  private int outcome() throws IOException {
    if (untold != null) {
      IOException error = untold;
      untold = null;
      throw error;
    }
    return ended ? -1 : 0;
  }

  // From the system

  /** Takes what is here, or what the system has: how much, 0 if nothing, -1 at the end. */
  int read(StreamCalls calls, Readiness readiness, byte[] target, int offset, int length)
      throws IOException {
    if (isReadable()) {
      complete(calls, length);
      return take(target, offset, length, false);
    }
    if (drained) {
      return 0;
    }
    int count = calls.receive(target, offset, length);
    noteCount(count, length, readiness);
    return count;
  }

  /** As {@link #read}, in an array as long as what is there; none at the end, null if nothing. */
  byte[] read(StreamCalls calls, Readiness readiness, int most) throws IOException {
    if (isReadable()) {
      complete(calls, most);
      return receive(most);
    }
    if (drained) {
      return null;
    }
    byte[] received = receive(calls, most);
    int count = received == null ? 0 : received.length == 0 ? -1 : received.length;
    noteCount(count, most, readiness);
    return received;
  }

  private byte[] receive(StreamCalls calls, int most) throws IOException {
    try {
      return calls.receive(most);
    } catch (OutOfMemoryError e) {
      // what the system has given is lost: nothing may follow it
      ended = true;
      fail(new ConnectionResetException("there was no memory for what had arrived"));
      throw e;
    }
  }

  /** A short read has taken all there was, unless it has met an end or urgent data. */
  private void noteCount(int count, int asked, Readiness readiness) {
    ended |= count < 0;
    boolean isShort = count < Math.min(asked, Scratch.SIZE);
    drained = count >= 0 && isShort && !readiness.isEnding();
  }

  /** Adds what the system has to what is here, so that both can be taken at once. */
  private void complete(StreamCalls calls, int wished) {
    if (size() > 0 && size() < wished) {
      look(calls, Math.min(wished, CHUNK));
    }
  }

  /** Receives more, to be taken later, until there is as much as is wished for, or no more. */
  void look(StreamCalls calls, int wished) {
    try {
      while (!ended && untold == null && size() < wished && lookOnce(calls, wished - size())) {
        drained = false;
      }
    } catch (IOException e) {
      fail(e);
    } catch (NotYetConnectedException e) {
      fail(ChannelErrors.of(e));
    }
  }

  private boolean lookOnce(StreamCalls calls, int wished) throws IOException {
    byte[] room = new byte[Math.min(wished, CHUNK)];
    int count = calls.receive(room, 0, room.length);
    ended |= count < 0;
    if (count > 0) {
      add(room, 0, count);
    }
    return count > 0;
  }
}
