package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Assumptions;
import socketserver.ListenerSocket;
import socketserver.spi.Endpoint;

/**
 * The ways to ask the system that the contract is run with. The property that chooses one is read
 * when the first socket of the process opens, so a test class can set it while nothing is open.
 */
public enum Mechanism {
  /** epoll(7). */
  EPOLL("epoll", true),

  /** The JDK's selectors. */
  NIO("nio", false),

  /** io_uring(7). */
  IO_URING("io_uring", true);

  /** The property that chooses the mechanism. */
  public static final String PROPERTY = "socketserver.transport";

  private final String property;
  private final boolean adoptsDescriptors;

  Mechanism(String property, boolean adoptsDescriptors) {
    this.property = property;
    this.adoptsDescriptors = adoptsDescriptors;
  }

  /** The name by which the property asks for it. */
  public String property() {
    return property;
  }

  /** Whether bind and listen are two steps, and a connection can give its descriptor away. */
  boolean adoptsDescriptors() {
    return adoptsDescriptors;
  }

  /** Whether sockets have descriptors of the system. */
  boolean hasDescriptors() {
    return this != NIO;
  }

  /** Chooses this mechanism for the sockets to come, or skips the tests and says so. */
  public void choose() {
    Remains.awaitNoEngine();
    System.setProperty(PROPERTY, property);
    if (!worksHere()) {
      leave();
      String message = "SKIPPED: " + property + " does not work on this machine";
      System.err.println(message);
      Assumptions.abort(message);
    }
  }

  /** Leaves the choice to the library again. */
  public static void leave() {
    System.clearProperty(PROPERTY);
    Remains.awaitNoEngine();
  }

  /** Checks that a socket is really one of this mechanism's. */
  void assertRuns(Endpoint socket) {
    assertEquals(property, System.getProperty(PROPERTY));
    IoEventLoop loop = (IoEventLoop) socket.eventLoop();
    Class<? extends IoHandler> handler =
        switch (this) {
          case EPOLL -> EpollIoHandler.class;
          case NIO -> NioIoHandler.class;
          case IO_URING -> IoUringIoHandler.class;
        };
    assertTrue(loop.isIoType(handler), loop + " is none of " + property);
  }

  private boolean worksHere() {
    return switch (this) {
      case EPOLL -> Epoll.isAvailable();
      case NIO -> true;
      case IO_URING -> opens();
    };
  }

  /**
   * Whether the library can open a socket. Netty is not asked, as its io_uring classes read their
   * properties when they are loaded, and the library sets one before.
   */
  private static boolean opens() {
    try (ListenerSocket listener = new ListenerSocket(StandardProtocolFamily.INET)) {
      return listener.fileno() >= 0;
    } catch (IllegalStateException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
