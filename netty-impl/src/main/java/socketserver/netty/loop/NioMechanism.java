package socketserver.netty.loop;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import java.nio.channels.SelectableChannel;
import java.util.function.IntConsumer;

/** The JDK's selectors, wherever there is a JDK. */
final class NioMechanism extends Mechanism {
  @Override
  public String name() {
    return "nio";
  }

  @Override
  IoHandlerFactory handlers() {
    return NioIoHandler.newFactory();
  }

  @Override
  IoHandlerFactory pollers() {
    return NioIoHandler.newFactory();
  }

  @Override
  Watched watched(Object source, boolean shared, IntConsumer listener) {
    return new NioWatched((SelectableChannel) source, shared, listener);
  }

  @Override
  public boolean hasDescriptors() {
    return false;
  }
}
