package socketserver.unix.fork;

import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFSocketCapability;
import socketserver.spi.ChildSettings;
import socketserver.spi.Children;
import socketserver.spi.Forking;
import socketserver.unix.NativeLibrary;

/** Child processes that are JVMs. */
public final class JvmForking implements Forking {
  private static final String WHAT = "forking servers";

  /** Made by {@link java.util.ServiceLoader}. */
  public JvmForking() {}

  @Override
  public void check() {
    DescriptorChannel.require(WHAT);
    if (NativeLibrary.failure() != null) {
      throw new UnsupportedOperationException(
          WHAT + " need " + NativeLibrary.text(), NativeLibrary.failure());
    }
    if (!AFSocket.supports(AFSocketCapability.CAPABILITY_FD_AS_REDIRECT)
        || !AFSocket.supports(AFSocketCapability.CAPABILITY_UNIX_DOMAIN)) {
      throw new UnsupportedOperationException(
          WHAT + " need descriptors as a process's input, which junixsocket does not offer here");
    }
  }

  @Override
  public Children open(ChildSettings settings) {
    return new ChildPool(settings);
  }
}
