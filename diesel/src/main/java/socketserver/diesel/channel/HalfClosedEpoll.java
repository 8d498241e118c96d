package socketserver.diesel.channel;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll handler, but for two things: a connection that waits for nothing stays in the epoll
 * set, and one that does not read is left alone when its peer closes its half.
 *
 * <p>In Netty 4.2.18, a connection whose peer has closed its half waits for nothing, so its
 * descriptor is taken out of the set; but its registration takes it to be still there. When the
 * connection has to wait again, for room to send the rest of an answer, epoll_ctl(2) fails with
 * ENOENT, and the connection is closed with what was still to be sent. Asking for edge-triggered
 * nothing, instead of nothing, keeps the descriptor where it is believed to be; the edge keeps the
 * events that the system adds by itself, EPOLLERR and EPOLLHUP, from coming again and again.
 *
 * <p>When Netty hears that the peer has closed its half (EPOLLRDHUP) it reads all that the system
 * holds, which may be megabytes, although the channel has stopped to read. So nobody asks for that
 * event: who reads finds the end by itself.
 */
final class HalfClosedEpoll implements IoHandler {
  private final IoHandler epoll;

  private HalfClosedEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new HalfClosedEpoll(factory.newHandler(executor));
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration(epoll.register(handle));
  }

  private record Registration(IoRegistration epoll) implements IoRegistration {
    @Override
    public long submit(IoOps ops) {
      EpollIoOps asked = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
      return epoll.submit(EpollIoOps.NONE.equals(asked) ? EpollIoOps.EPOLLET : asked);
    }

    @Override
    public <T> T attachment() {
      return epoll.attachment();
    }

    @Override
    public boolean isValid() {
      return epoll.isValid();
    }

    @Override
    public boolean cancel() {
      return epoll.cancel();
    }
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return epoll.isCompatible(type);
  }
}
