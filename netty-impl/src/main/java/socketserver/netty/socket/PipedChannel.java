package socketserver.netty.socket;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A socket as Netty's handlers see it. It reads when its pipeline asks it to, and whoever uses the
 * socket has it look. The socket makes the system calls, and opens, binds and connects.
 */
public abstract class PipedChannel extends AbstractChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final Runnable wanting;
  private final Runnable closing;

  // Written on the channel's loop

  private volatile boolean wantsRead;
  private volatile boolean open = true;

  /**
   * Makes the channel of a socket.
   *
   * @param wanting told, on the channel's loop, that the pipeline asks for more
   * @param closing told there that the descriptor is to be closed
   */
  public PipedChannel(Runnable wanting, Runnable closing) {
    super(null);
    this.wanting = wanting;
    this.closing = closing;
  }

  public final Strand strand() {
    return (Strand) eventLoop();
  }

  /** How many bytes wait for room; on any thread, a hint. */
  public final long pendingBytes() {
    ChannelOutboundBuffer out = unsafe().outboundBuffer();
    return out == null ? 0 : out.totalPendingWriteBytes();
  }

  /** Whether the pipeline has asked for more. Without the loop, a hint. */
  public final boolean wantsRead() {
    return wantsRead;
  }

  /** What the pipeline has asked for is there. */
  protected final void endRead() {
    wantsRead = false;
  }

  @Override
  protected final void doBeginRead() {
    if (!wantsRead) {
      wantsRead = true;
      wanting.run();
    }
  }

  @Override
  protected void doClose() {
    open = false;
    closing.run();
  }

  /** The descriptor is no longer this channel's. */
  @Override
  protected final void doDeregister() {
    wantsRead = false;
  }

  @Override
  protected final void doBind(SocketAddress address) {
    throw new UnsupportedOperationException("bind the socket, not its channel");
  }

  @Override
  protected final void doDisconnect() {
    doClose();
  }

  @Override
  protected final AbstractUnsafe newUnsafe() {
    return new AbstractUnsafe() {
      @Override
      public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        promise.setFailure(
            new UnsupportedOperationException("connect the socket, not its channel"));
      }
    };
  }

  @Override
  protected final boolean isCompatible(EventLoop loop) {
    return loop instanceof Strand;
  }

  /** An address that the system is asked for. */
  public interface Address {
    SocketAddress ask() throws IOException;
  }

  /** The address, or null if the system does not know it any more. */
  protected static SocketAddress orNull(Address address) {
    try {
      return address.ask();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public final ChannelConfig config() {
    return config;
  }

  @Override
  public final ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public final boolean isOpen() {
    return open;
  }

  @Override
  public final boolean isActive() {
    return open;
  }
}
