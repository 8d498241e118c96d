package socketserver.spi;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.time.Duration;
import java.util.List;
import socketserver.SocketType;

/** What a server says about its child processes. May be asked on any thread. */
public interface ChildSettings {
  /**
   * The server's class, whose class loader and those of its parents say where classes are found.
   *
   * @return the class
   */
  Class<?> serverClass();

  /**
   * How many children wait for a request.
   *
   * @return 0 or more
   */
  int spareChildren();

  /**
   * How many children start at the same time.
   *
   * @return 1 or more
   */
  int maxStarting();

  /**
   * How many requests a child handles before it ends.
   *
   * @return 1 or more, or 0 for no limit
   */
  int maxRequestsPerChild();

  /**
   * The options of the children's JVMs.
   *
   * @return the options, or null for those of this JVM
   */
  List<String> childJvmOptions();

  /**
   * How long a child may take for a request.
   *
   * @return the time after which it is killed, or null for no limit
   */
  Duration childTimeout();

  /**
   * What a child is to rehearse while it waits.
   *
   * @return a serialised {@link ForkedTask}
   * @throws IOException if the server cannot cross to a child
   */
  byte[] rehearsal() throws IOException;

  /**
   * The family of the sockets that a child is handed.
   *
   * @return IPv4, IPv6 or Unix
   */
  ProtocolFamily family();

  /**
   * The kind of the sockets that a child is handed.
   *
   * @return streams or datagrams
   */
  SocketType kind();
}
