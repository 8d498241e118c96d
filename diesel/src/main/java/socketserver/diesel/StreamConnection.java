package socketserver.diesel;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * A stream. Its loop's side; the event loop's are {@link StreamHandler} and {@link Outgoing}, and
 * what passes between them is handed over: bytes in through the scheduler's inbox, pieces out with
 * the end of a turn.
 */
final class StreamConnection extends Connection {
  private static final int MOST = 1 << 20;
  private static final byte[] NOTHING = new byte[0];
  private static final String REMOTE = "Connection closed by remote host";
  private static final String CLOSED =
      "Cannot complete TCP socket operation: associated connection is closed";

  private final Scheduler scheduler;
  private final Channel channel;
  private final InetSocketAddress addr;
  private final Intake intake;

  /** Above how many bytes that have not left sending waits. */
  private final long maxPipeline = Long.getLong("socketserver.diesel.maxPipeline", MOST);

  /** In how many bytes a sentinel must be. */
  private final int maxUntil = Integer.getInteger("socketserver.diesel.maxUntil", MOST);

  private final Backlog backlog = new Backlog(maxPipeline, this::postRoom);

  /** What loops wait for that send, as an event. */
  private final Object room = new Object();

  /** The event loop's. */
  private final Outgoing outgoing;

  // Guarded by the baton

  private final InputBuffer input = new InputBuffer();
  private List<Piece> batch = new ArrayList<>();

  /** The other side has ended the stream: what is in the buffer is the last. */
  private boolean ended;

  /** Nothing can be sent any more. Volatile for isClosed on any thread, as are the next two. */
  private volatile boolean broken;

  /** A reader was told that the stream has ended. */
  private volatile boolean told;

  /** Closed on this side. */
  private volatile boolean closed;

  StreamConnection(Application application, Channel channel, InetSocketAddress addr) {
    this.scheduler = application.scheduler();
    this.channel = channel;
    this.addr = addr;
    this.intake = new Intake(channel);
    this.outgoing = new Outgoing(channel, backlog);
    channel.closeFuture().addListener(closing -> backlog.end());
    application.network().opened(channel, outgoing::closeWhenSent);
  }

  // On the event loop

  void bytes(byte[] data) {
    intake.arrived(data.length);
    scheduler.post(
        () -> {
          if (closed || told) {
            intake.passed(data.length);
          } else {
            intake.stored(data.length);
            input.add(data);
            wakeReader();
          }
        });
  }

  /** Nothing more will come. */
  void end(boolean nothingCanBeSent) {
    intake.end();
    scheduler.post(
        () -> {
          ended = true;
          broken |= nothingCanBeSent;
          wakeReader();
          wakeSenders();
        });
  }

  void writable() {
    outgoing.drain();
  }

  private void postRoom() {
    scheduler.post(this::wakeSenders);
  }

  // By the baton's holder

  @Override
  public InetSocketAddress addr() {
    return addr;
  }

  @Override
  public boolean isClosed() {
    return closed || told || broken;
  }

  @Override
  boolean isExhausted() {
    return ended && input.size() == 0;
  }

  @Override
  Object arrived(Demand what) {
    if (what == Demand.DATAGRAM) {
      throw new IllegalStateException("a stream has no datagrams: use receive, until or untilEol");
    }
    if (closed) {
      return (End) () -> told(CLOSED);
    }
    int before = input.size();
    Object there = input.take(what);
    if (there != null) {
      intake.taken(before - input.size());
      return there;
    }
    if (ended) {
      return (End) () -> told(told ? CLOSED : REMOTE);
    }
    return what.sentinel() != null && before > maxUntil ? (End) this::tooLong : null;
  }

  /** Says once that the connection is closed; a loop that goes on to read nevertheless ends. */
  private ConnectionClosed told(String message) {
    if (told) {
      throw new TerminateLoop("it reads on although it was told that its connection is closed");
    }
    told = true;
    return new ConnectionClosed(message, takeRest());
  }

  private ConnectionClosed tooLong() {
    byte[] rest = takeRest();
    told = true;
    close();
    return new ConnectionClosed(
        "no sentinel within "
            + maxUntil
            + " bytes from "
            + addr
            + ": set -Dsocketserver.diesel.maxUntil if there may be more",
        rest);
  }

  private byte[] takeRest() {
    byte[] rest = input.takeAll();
    intake.taken(rest.length);
    return rest;
  }

  @Override
  void send(byte[] data, int priority) throws IOException {
    checkOpen();
    if (data.length == 0) {
      return;
    }
    awaitRoom();
    backlog.sent(data.length);
    if (batch.isEmpty()) {
      scheduler.unsent(this);
    }
    batch.add(new Piece(data, priority));
  }

  /** Lets other loops run, and the event loop send, until there is room. */
  private void awaitRoom() throws ConnectionClosed {
    while (!backlog.hasRoom()) {
      backlog.await();
      Wait wait = Wait.begin().event(room);
      if (backlog.hasRoom()) {
        wait.end(room, null);
      }
      wait.await();
      checkOpen();
    }
  }

  private void checkOpen() throws ConnectionClosed {
    // a loop that sends without a wait does not let the scheduler say that it is broken
    if (isClosed() || backlog.hasEnded()) {
      throw new ConnectionClosed(CLOSED, NOTHING);
    }
  }

  private void wakeSenders() {
    scheduler.waits().fire(room, null);
  }

  @Override
  void flush() {
    if (!batch.isEmpty()) {
      List<Piece> sent = batch;
      batch = new ArrayList<>();
      onEventLoop(() -> outgoing.add(sent));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      flush();
      closed = true;
      intake.taken(input.takeAll().length);
      onEventLoop(outgoing::closeWhenSent);
      wakeReader();
      wakeSenders();
    }
  }

  private void onEventLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // the application has ended, and the channel is closed
      broken = true;
    }
  }

  @Override
  void wanted(boolean wanted) {
    intake.wanted(wanted);
  }

  @Override
  public String toString() {
    return "<Connection " + addr + ">";
  }
}
