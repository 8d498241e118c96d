package socketserver.unix.fork;

import io.netty.channel.epoll.Epoll;
import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFSocketCapability;
import socketserver.netty.DescriptorChannel;
import socketserver.spi.ChildSettings;
import socketserver.spi.Children;
import socketserver.spi.Forking;

/** Child processes that are JVMs. */
public final class JvmForking implements Forking {
  /** Made by {@link java.util.ServiceLoader}. */
  public JvmForking() {}

  @Override
  public void check() {
    if (!Epoll.isAvailable()) {
      throw new UnsupportedOperationException(
          "forking servers need Linux with epoll, and this is "
              + System.getProperty("os.name")
              + ": "
              + Epoll.unavailabilityCause());
    }
    if (!DescriptorChannel.isSupported()) {
      throw new UnsupportedOperationException(
          "forking servers need the epoll transport, and socketserver.transport is "
              + System.getProperty("socketserver.transport"));
    }
    if (!AFSocket.supports(AFSocketCapability.CAPABILITY_FD_AS_REDIRECT)
        || !AFSocket.supports(AFSocketCapability.CAPABILITY_UNIX_DOMAIN)) {
      throw new UnsupportedOperationException(
          "forking servers need junixsocket's native library, which does not work here");
    }
  }

  @Override
  public Children open(ChildSettings settings) {
    return new ChildPool(settings);
  }
}
