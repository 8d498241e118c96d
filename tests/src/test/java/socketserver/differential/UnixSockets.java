package socketserver.differential;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import socketserver.UnixAddress;

/** Unix domain sockets in a folder of their own; an address's name is its path. */
final class UnixSockets implements Sockets {
  private static final long serialVersionUID = 1L;

  private final transient Path folder;
  private int clients;

  UnixSockets() throws IOException {
    folder = Files.createTempDirectory("unix");
  }

  @Override
  public ProtocolFamily family() {
    return StandardProtocolFamily.UNIX;
  }

  @Override
  public SocketAddress forServer() {
    return UnixAddress.of(folder.resolve("server"));
  }

  @Override
  public String name(SocketAddress address) {
    if (address instanceof UnixAddress unix) {
      return unix.path();
    }
    return address == null ? "" : ((UnixDomainSocketAddress) address).getPath().toString();
  }

  @Override
  public Socket connect(String server) throws IOException {
    return new UnixStreamClient(newPath(), Path.of(server), (int) Bound.WAIT.toMillis());
  }

  @Override
  public Socket connectUnnamed(String server) throws IOException {
    return new UnixStreamClient(null, Path.of(server), (int) Bound.WAIT.toMillis());
  }

  @Override
  public DatagramClient datagrams() throws IOException {
    return new UnixDatagramClient(newPath());
  }

  @Override
  public DatagramClient unnamedDatagrams() throws IOException {
    return new UnixDatagramClient(null);
  }

  private Path newPath() {
    return folder.resolve("client-" + ++clients);
  }

  /** Removes what the servers leave. */
  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
      for (Path path : left) {
        Files.delete(path);
      }
    }
    Files.delete(folder);
  }
}
