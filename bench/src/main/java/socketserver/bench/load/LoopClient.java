package socketserver.bench.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.EOFException;

/** A client on the event loop of its load: sends, and waits for the answer. */
abstract class LoopClient extends ChannelInboundHandlerAdapter {
  private final LoopLoad load;
  private ChannelHandlerContext context;
  private long sent;
  private boolean waits;

  LoopClient(LoopLoad load) {
    this.load = load;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** Writes one request. */
  abstract void send(ChannelHandlerContext context);

  final void ask() {
    waits = true;
    sent = System.nanoTime();
    send(context);
  }

  /** The whole answer is there. */
  final void answered(int requests) {
    waits = false;
    load.answered(this, requests, sent);
  }

  final boolean waits() {
    return waits;
  }

  final long sent() {
    return sent;
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    load.failed(new EOFException("the server closed " + closed.channel()));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    load.failed(cause);
  }
}
