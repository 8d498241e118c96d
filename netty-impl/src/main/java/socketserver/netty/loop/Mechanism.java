package socketserver.netty.loop;

import io.netty.channel.IoHandlerFactory;
import java.util.function.IntConsumer;

/**
 * A way in which the system tells that sockets are ready. Chosen once for the process by {@link
 * Mechanisms}.
 */
public abstract class Mechanism {
  /** The name by which the property {@code socketserver.transport} asks for it. */
  public abstract String name();

  /** What drives the event loops. */
  abstract IoHandlerFactory handlers();

  /** Whether any thread may run these, one at a time. */
  boolean handlersMove() {
    return true;
  }

  /** What drives the pollers of threads that wait; null if they leave that to event loops. */
  abstract IoHandlerFactory pollers();

  /**
   * Makes what an I/O handler of this mechanism watches.
   *
   * @param source a socket: its descriptor, or the JDK's channel
   * @param shared whether an event loop watches it, for whoever is parked, and not the thread that
   *     waits
   * @param listener is told what is ready, on the handler's thread
   */
  abstract Watched watched(Object source, boolean shared, IntConsumer listener);

  /** Whether sockets are descriptors of the system's, or the JDK's channels. */
  public boolean hasDescriptors() {
    return true;
  }

  /** Whether epoll(7), which selectors use, watches the sockets. */
  public boolean watchesDescriptors() {
    return false;
  }

  /** Why what needs descriptors does not work. */
  public final String adoptsNone() {
    return "the "
        + name()
        + " transport adopts no descriptors: use epoll"
        + Mechanisms.whyNoEpoll();
  }
}
