package socketserver.diesel;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.netty.ground.ChannelErrors;

/** A datagram socket of a loop (Python: {@code UDPSocket}). */
final class DatagramConnection extends Connection {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatagramConnection.class);

  /** The longest datagram there is, in bytes. */
  private static final int MOST = 65_535;

  private static final byte[] NOTHING = new byte[0];
  private static final String CLOSED =
      "Cannot complete UDP socket operation: associated socket is closed";

  private final Network network;
  private final Scheduler scheduler;
  private final Channel channel;
  private final Intake intake;

  // Guarded by the baton

  private final Queue<Datagram> incoming = new ArrayDeque<>();
  private List<Datagram> outgoing = new ArrayList<>();

  /** A reader was told that it is closed. */
  private boolean told;

  /** Volatile for isClosed on any thread, as is the next for addr. */
  private volatile boolean closed;

  /** Who is sent to; null if nobody has sent anything yet. */
  private volatile InetSocketAddress addr;

  private DatagramConnection(Application application, Channel channel, InetSocketAddress addr) {
    this.network = application.network();
    this.scheduler = application.scheduler();
    this.channel = channel;
    this.addr = addr;
    this.intake = new Intake(channel);
  }

  /**
   * Makes one of a channel that is not registered yet.
   *
   * @param addr who is sent to; null for who has sent
   */
  static DatagramConnection of(Application application, Channel channel, InetSocketAddress addr) {
    DatagramConnection made = new DatagramConnection(application, channel, addr);
    // Netty would cut datagrams at 2048 bytes, and close the channel when one cannot be sent
    channel
        .config()
        .setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MOST));
    channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
    channel.pipeline().addLast(made.new Handler());
    application.network().opened(channel, channel::close);
    return made;
  }

  /** What happens on the channel. On the event loop. */
  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      try {
        byte[] data = ByteBufUtil.getBytes(packet.content());
        intake.arrived(data.length);
        Datagram datagram = new Datagram(data, packet.sender());
        scheduler.post(() -> add(datagram));
      } finally {
        packet.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      scheduler.post(
          () -> {
            closed = true;
            wakeReader();
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOGGER.warn("{} fails", DatagramConnection.this, cause);
    }
  }

  /** Sends datagrams, one by one. On the event loop. */
  private void write(List<Datagram> datagrams) {
    for (Datagram datagram : datagrams) {
      byte[] data = datagram.bytes();
      if (data.length == 0) {
        // Netty's channels drop a datagram without a byte
        try {
          network.channels().sendEmpty(channel, datagram.addr());
        } catch (IOException e) {
          failed(e);
        }
        continue;
      }
      channel
          .write(new DatagramPacket(Unpooled.wrappedBuffer(data), datagram.addr()))
          .addListener(
              sent -> {
                if (!sent.isSuccess()) {
                  failed(ChannelErrors.ofSending(data.length, datagram.addr(), sent.cause()));
                }
              });
    }
    channel.flush();
  }

  private static void failed(IOException error) {
    LOGGER.warn("a datagram is lost: {}", error.getMessage());
  }

  // By the baton's holder

  private void add(Datagram datagram) {
    if (closed) {
      intake.passed(datagram.bytes().length);
    } else {
      incoming.add(datagram);
      wakeReader();
    }
  }

  @Override
  public InetSocketAddress addr() {
    return addr;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  Object arrived(Demand what) {
    if (what != Demand.DATAGRAM) {
      throw new IllegalStateException("a UDP socket has datagrams only: use datagram()");
    }
    if (closed) {
      return (End) this::told;
    }
    Datagram next = incoming.poll();
    if (next != null) {
      intake.passed(next.bytes().length);
      addr = next.addr();
    }
    return next;
  }

  private ConnectionClosed told() {
    if (told) {
      throw new TerminateLoop("it reads on although it was told that its socket is closed");
    }
    told = true;
    return new ConnectionClosed(CLOSED, NOTHING);
  }

  @Override
  void send(byte[] data, int priority) throws IOException {
    if (closed) {
      throw new ConnectionClosed(CLOSED, NOTHING);
    }
    InetSocketAddress target = addr;
    if (target == null) {
      throw new IllegalStateException("nobody to answer: no datagram was received yet");
    }
    if (outgoing.isEmpty()) {
      scheduler.unsent(this);
    }
    outgoing.add(new Datagram(data, target));
  }

  @Override
  void flush() {
    if (!outgoing.isEmpty()) {
      List<Datagram> sent = outgoing;
      outgoing = new ArrayList<>();
      onEventLoop(() -> write(sent));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      flush();
      closed = true;
      incoming.clear();
      // what was written before completes before
      onEventLoop(
          () ->
              channel
                  .writeAndFlush(Unpooled.EMPTY_BUFFER)
                  .addListener(ChannelFutureListener.CLOSE));
      wakeReader();
    }
  }

  private void onEventLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // the application has ended, and the channel is closed
      closed = true;
    }
  }

  @Override
  void wanted(boolean wanted) {
    // who waits has taken all there was
  }

  @Override
  public String toString() {
    return "<UDPSocket " + channel.localAddress() + ">";
  }
}
