package socketserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import socketserver.Deadlines.Times;
import socketserver.LimitCounts.Limit;
import socketserver.spi.StreamEndpoint;

/**
 * What is known of one request's deadlines, from one look to the next. All of it belongs to the
 * thread that watches; it only asks the connection, and waits for nobody.
 */
final class RequestWatch {
  /** How long a handler may take to see that its connection has gone. */
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Where tcpi_bytes_acked is in Linux's struct tcp_info, since 4.1. */
  private static final int ACKED_OFFSET = 120;

  private static final int ACKED_END = ACKED_OFFSET + Long.BYTES;

  private final RequestTask task;
  private final long begun;

  /** What had moved at the last look. */
  private long in;

  private long out;
  private long taken;

  /** Since when the handler has waited and nothing has moved. */
  private long quietSince;

  /** Whether a request is under way, and where its window begins. */
  private boolean sends;

  private long sendsSince;
  private long sentBefore;

  /** Whether the handler waits to send, and where its window begins. */
  private boolean takes;

  private long takesSince;
  private long takenBefore;

  /** The system does not tell what was acknowledged. */
  private boolean untold;

  /** The time is over: there is nothing more to look at but whether it has ended. */
  private boolean over;

  /** Whether the thread is to be interrupted, and when. */
  private boolean interrupts;

  private long interruptAt;

  RequestWatch(RequestTask task, long now) {
    this.task = task;
    this.begun = now;
    this.quietSince = now;
  }

  /** Looks at the request; what has become too much, or null. */
  TimedOut look(long now, Times times) {
    if (over) {
      return null;
    }
    TimedOut found = find(now, times);
    over = found != null;
    return found;
  }

  private TimedOut find(long now, Times times) {
    StreamSocket connection = task.connection();
    if (times.request() > 0 && now - begun >= times.request()) {
      interrupts = true;
      interruptAt = connection == null ? now : now + STEP_NANOS;
      return new TimedOut(
          Limit.REQUEST_TIME,
          "the request took longer than " + TimedOut.text(times.request()),
          true);
    }
    return connection == null ? null : findOf(connection, now, times);
  }

  /** Whether it is time to interrupt the thread; once. */
  boolean isToInterrupt(long now) {
    boolean due = interrupts && now - interruptAt >= 0;
    interrupts &= !due;
    return due;
  }

  private TimedOut findOf(StreamSocket connection, long now, Times times) {
    StreamEndpoint endpoint = connection.endpoint();
    boolean receiving = endpoint.readerWaitsSince() != 0;
    boolean sending = endpoint.writerWaitsSince() != 0;
    long inNow = connection.traffic().in();
    long outNow = connection.traffic().out();
    long takenNow = sending ? taken(connection, outNow) : taken;
    boolean answered = outNow != out;
    boolean moved = inNow != in || answered || takenNow != taken;
    if (moved || !receiving && !sending) {
      quietSince = now;
    }
    lookAtSending(now, receiving && !answered, inNow);
    lookAtTaking(now, sending, takenNow);
    in = inNow;
    out = outNow;
    taken = takenNow;
    TimedOut found = findFirstByte(connection, receiving, now, times.firstByte());
    if (found == null && times.idle() > 0 && now - quietSince >= times.idle()) {
      String what = sending ? "the client took nothing for " : "the client was idle for ";
      found = new TimedOut(Limit.IDLE, what + TimedOut.text(times.idle()), sending);
    }
    return found == null && times.rate() > 0 ? findRate(now, times) : found;
  }

  private TimedOut findFirstByte(
      StreamSocket connection, boolean receiving, long now, long firstByte) {
    if (firstByte == 0) {
      return null;
    }
    long handshake = connection.handshakeSince();
    if (handshake != 0 && now - handshake >= firstByte) {
      return new TimedOut(
          Limit.FIRST_BYTE, "the tls handshake took longer than " + TimedOut.text(firstByte), true);
    }
    boolean waits = receiving && in == 0;
    return waits && now - begun >= firstByte
        ? new TimedOut(
            Limit.FIRST_BYTE, "the client sent nothing for " + TimedOut.text(firstByte), false)
        : null;
  }

  // Rates

  /** A request is under way from its first byte until the handler answers, or does else. */
  private void lookAtSending(long now, boolean waits, long inNow) {
    if (!waits) {
      sends = false;
    } else if (!sends && inNow != in) {
      sends = true;
      sendsSince = now;
      sentBefore = in;
    }
  }

  private void lookAtTaking(long now, boolean waits, long takenNow) {
    if (waits && !takes) {
      takesSince = now;
      takenBefore = takenNow;
    }
    takes = waits;
  }

  private TimedOut findRate(long now, Times times) {
    double least = (double) times.rate() * times.window() / TimeUnit.SECONDS.toNanos(1);
    String what = null;
    if (sends && now - sendsSince >= times.window()) {
      what = in - sentBefore < least ? "sent" : null;
      sendsSince = now;
      sentBefore = in;
    }
    if (takes && now - takesSince >= times.window()) {
      what = taken - takenBefore < least ? "took" : what;
      takesSince = now;
      takenBefore = taken;
    }
    return what == null
        ? null
        : new TimedOut(
            Limit.RATE,
            "the client " + what + " fewer than " + times.rate() + " bytes a second",
            true);
  }

  /**
   * How many bytes the client has taken. Its system tells of each, but this one only sees room when
   * a good part of the send buffer is free: a client would look still that is merely slow.
   */
  private long taken(StreamSocket connection, long sent) {
    if (!untold) {
      try {
        byte[] info =
            connection.getsockopt(SocketConstants.IPPROTO_TCP, SocketConstants.TCP_INFO, ACKED_END);
        if (OperatingSystem.isLinux() && info.length >= ACKED_END) {
          return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getLong(ACKED_OFFSET);
        }
      } catch (IOException | RuntimeException e) {
        // no TCP, or no such option here; or it is closed, and then ends by itself
      }
      untold = true;
    }
    return sent;
  }
}
