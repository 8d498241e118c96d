package socketserver.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import socketserver.netty.ground.Scratch;
import socketserver.netty.socket.PipedChannel;

/** A connection as Netty's handlers see it; what cannot be sent at once it sends later. */
final class StreamChannel extends PipedChannel implements DuplexChannel {
  private static final int READ_SIZE = 32 << 10;

  private final StreamCalls calls;
  private final Owner owner;

  /** Used on the channel's loop. */
  private boolean unsent;

  // Written on the loop

  private volatile boolean inputEnded;
  private volatile boolean outputEnded;

  /** The connection. On the channel's loop. */
  interface Owner {
    /** Has the channel flushed when there is room. */
    void flushWhenWritable();

    /** The pipeline asks for more: who waits may go on. */
    void readWanted();

    /** The descriptor is to be closed. */
    void channelClosed();

    SocketAddress local();

    SocketAddress remote();
  }

  StreamChannel(StreamCalls calls, Owner owner) {
    super(owner::readWanted, owner::channelClosed);
    this.calls = calls;
    this.owner = owner;
  }

  /** Reads once what the pipeline has asked for; whether something was there. On the loop. */
  boolean readOnce() {
    if (!wantsRead() || inputEnded || !isOpen()) {
      return false;
    }
    ByteBuf received;
    try {
      byte[] bytes = calls.receive(READ_SIZE);
      received = bytes == null ? null : Unpooled.wrappedBuffer(bytes);
    } catch (Throwable e) {
      endRead();
      inputEnded = true;
      pipeline().fireExceptionCaught(e);
      return true;
    }
    if (received == null) {
      return false;
    }
    endRead();
    if (received.isReadable()) {
      pipeline().fireChannelRead(received);
    } else {
      inputEnded = true;
      pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
    pipeline().fireChannelReadComplete();
    return true;
  }

  /** Whether something waits for room. On the loop. */
  boolean hasUnsent() {
    return unsent;
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) throws Exception {
    unsent = false;
    for (Object message = out.current(); message != null; message = out.current()) {
      boolean whole =
          message instanceof ByteBuf buffer ? send(out, buffer) : send(out, (FileRegion) message);
      if (!whole) {
        unsent = true;
        owner.flushWhenWritable();
        return;
      }
    }
  }

  /** Sends a buffer; whether all of it went. */
  private boolean send(ChannelOutboundBuffer out, ByteBuf buffer) throws IOException {
    int length = buffer.readableBytes();
    byte[] bytes = buffer.hasArray() ? buffer.array() : ByteBufUtil.getBytes(buffer);
    int from = buffer.hasArray() ? buffer.arrayOffset() + buffer.readerIndex() : 0;
    int sent = 0;
    while (sent < length) {
      int went = calls.send(bytes, from + sent, length - sent);
      if (went == 0) {
        break;
      }
      sent += went;
    }
    out.removeBytes(sent);
    if (length == 0) {
      out.remove();
    }
    return sent == length;
  }

  private boolean send(ChannelOutboundBuffer out, FileRegion region) throws IOException {
    while (region.transferred() < region.count()) {
      long went = region.transferTo(new Target(), region.transferred());
      if (went <= 0) {
        return false;
      }
      out.progress(went);
    }
    out.remove();
    return true;
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (message instanceof ByteBuf || message instanceof FileRegion) {
      return message;
    }
    String type = message.getClass().getName();
    ReferenceCountUtil.release(message);
    throw new UnsupportedOperationException(
        "a stream sends a ByteBuf or a FileRegion, not a " + type);
  }

  @Override
  protected void doClose() {
    inputEnded = true;
    super.doClose();
  }

  @Override
  protected SocketAddress localAddress0() {
    return owner.local();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return owner.remote();
  }

  /** Where a part of a file is copied to. */
  private final class Target implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      byte[] bytes = new byte[Math.min(source.remaining(), Scratch.SIZE)];
      source.duplicate().get(bytes);
      int went = calls.send(bytes, 0, bytes.length);
      source.position(source.position() + went);
      return went;
    }

    @Override
    public boolean isOpen() {
      return StreamChannel.this.isOpen();
    }

    @Override
    public void close() {}
  }

  // One direction at a time

  @Override
  public boolean isInputShutdown() {
    return inputEnded;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputEnded;
  }

  @Override
  public boolean isShutdown() {
    return inputEnded && outputEnded;
  }

  @Override
  public ChannelFuture shutdownInput() {
    return shutdownInput(newPromise());
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public ChannelFuture shutdown() {
    return shutdown(newPromise());
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    return shutdown(true, false, promise);
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    return shutdown(false, true, promise);
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    return shutdown(true, true, promise);
  }

  private ChannelFuture shutdown(boolean input, boolean output, ChannelPromise promise) {
    if (!eventLoop().inEventLoop()) {
      eventLoop().execute(() -> shutdown(input, output, promise));
      return promise;
    }
    try {
      calls.shutdown(input, output);
      inputEnded |= input;
      outputEnded |= output;
      promise.setSuccess();
    } catch (IOException | RuntimeException e) {
      promise.setFailure(e);
    }
    return promise;
  }
}
