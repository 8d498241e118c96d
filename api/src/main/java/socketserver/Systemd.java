package socketserver;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a service of systemd and systemd tell each other: sockets that systemd has opened, when the
 * service is ready and when it stops, and that it is alive. Everywhere else there are no sockets,
 * and nobody is told. So one program works both ways:
 *
 * <pre>{@code
 * List<SystemdSocket> passed = Systemd.listenFds();
 * try (var server = new ThreadingTCPServer(address, Handler::new, passed.isEmpty())) {
 *   if (!passed.isEmpty()) {
 *     server.socket(passed.get(0).listener());
 *   }
 *   server.closeOnExit(Duration.ofSeconds(10));
 *   Systemd.watchdog(server);
 *   Systemd.notifyReady();
 *   server.serveForever();
 *   Systemd.notifyStopping();
 * }
 * }</pre>
 *
 * <p>In Python this is {@code systemd.daemon} of python-systemd. The environment is read once; Java
 * cannot unset its variables. A process that this one starts has them, too, but {@code LISTEN_PID}
 * says that the sockets are not its own, and Java closes their descriptors there. The children of a
 * forking server do not even have the variables, but for {@code NOTIFY_SOCKET}.
 *
 * <p>May be used from any thread.
 *
 * @see <a
 *     href="https://www.freedesktop.org/software/systemd/man/sd_listen_fds.html">sd_listen_fds</a>
 * @see <a href="https://www.freedesktop.org/software/systemd/man/sd_notify.html">sd_notify</a>
 */
public final class Systemd {
  /** How long a message may wait for room: systemd takes it at once, or something is wrong. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** Guarded by the class: null until somebody asks. */
  private static List<SystemdSocket> sockets;

  private Systemd() {}

  /**
   * Returns the sockets that systemd has passed to this process ({@code LISTEN_FDS}; Python: {@code
   * systemd.daemon.listen_fds_with_names()}). They are taken over by the first call; each later one
   * returns the same. Does not block.
   *
   * @return the sockets with their names, in the order of the socket units; empty if this process
   *     was passed none
   * @throws IOException if a descriptor is no socket that this library has, or the variables make
   *     no sense; the message says which, and those that were taken over before it are closed
   * @throws UnsupportedOperationException if there are some, and this process uses no descriptors
   *     (NIO)
   * @throws IllegalStateException if no transport for one of them is on the class path: Unix
   *     sockets need {@code socketserver-unix}
   */
  public static synchronized List<SystemdSocket> listenFds() throws IOException {
    if (sockets == null) {
      sockets = taken(SystemdEnvironment.OWN.socketNames());
    }
    return sockets;
  }

  private static List<SystemdSocket> taken(List<String> names) throws IOException {
    List<SystemdSocket> taken = new ArrayList<>();
    try {
      for (String name : names) {
        taken.add(SystemdSocket.of(name, SystemdEnvironment.FIRST + taken.size()));
      }
      return List.copyOf(taken);
    } catch (IOException e) {
      close(taken);
      throw new IOException(
          "cannot take the socket " + names.get(taken.size()) + ": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      close(taken);
      throw e;
    }
  }

  private static void close(List<SystemdSocket> taken) {
    taken.forEach(passed -> passed.socket().close());
  }

  /**
   * Tells systemd that the service is up ({@code READY=1}), for a unit with {@code Type=notify}:
   * when its server is bound, or has the socket that systemd has passed. Connections that come
   * before it serves wait.
   *
   * @return false if nobody wants to know: this is no such unit
   * @throws IOException as {@link #notify(String)}
   */
  public static boolean notifyReady() throws IOException {
    return notify("READY=1");
  }

  /**
   * Tells systemd that the service is about to end ({@code STOPPING=1}). From then on systemd waits
   * as long as {@code TimeoutStopSec=} says, and expects no sign of life. When {@code
   * serveForever()} has returned is the time for it. A service that systemd itself stops may have
   * ended by then; systemd knows.
   *
   * @return false if nobody wants to know
   * @throws IOException as {@link #notify(String)}
   */
  public static boolean notifyStopping() throws IOException {
    return notify("STOPPING=1");
  }

  /**
   * Tells systemd something (Python: {@code systemd.daemon.notify(state)}): a message is sent to
   * {@code NOTIFY_SOCKET}. Waits for room for five seconds at most.
   *
   * @param state lines as in sd_notify(3), such as {@code STATUS=12 clients}
   * @return false if nobody wants to know: there is no {@code NOTIFY_SOCKET}
   * @throws IOException if nobody has the socket open, it has no room, or its name is neither a
   *     path nor an abstract one
   * @throws IllegalStateException if {@code socketserver-unix} is not on the class path
   * @throws UnsupportedOperationException if this process does not use epoll
   */
  public static boolean notify(String state) throws IOException {
    Objects.requireNonNull(state, "state is null");
    UnixAddress systemd = SystemdEnvironment.OWN.notifySocket();
    if (systemd == null) {
      return false;
    }
    try (DgramSocket socket = new DgramSocket(StandardProtocolFamily.UNIX)) {
      socket.settimeout(LONGEST_WAIT);
      socket.sendto(state, systemd);
    }
    return true;
  }

  /**
   * Returns how often systemd wants to hear of this service ({@code WATCHDOG_USEC}; Python: {@code
   * systemd.daemon.watchdog_enabled}), for programs that send {@code notify("WATCHDOG=1")} by
   * themselves, usually twice in that time.
   *
   * @return {@code WatchdogSec=} of the unit; null if there is none
   * @throws IOException if the variable makes no sense
   */
  public static Duration watchdogInterval() throws IOException {
    return SystemdEnvironment.OWN.watchdog();
  }

  /**
   * Tells systemd from now on, each time that half of {@link #watchdogInterval()} is over, that
   * servers are alive ({@code WATCHDOG=1}). Otherwise systemd ends the service, and may start it
   * again.
   *
   * <p>A server is alive if its {@code serveForever()} has gone round within that half. So it is
   * not while its loop is stuck in a hook, waits for room in a full pool, or handles a request
   * itself, as it does without a mix-in: {@code WatchdogSec=} is to be more than twice as long as
   * that may take. Handlers in other threads are not looked at.
   *
   * <p>A daemon thread does this, until one of the servers is closed. Call it once, with all
   * servers of the program. What cannot be sent is one WARN.
   *
   * @param servers the servers, all of which have to be alive
   * @return false if systemd does not want to know
   * @throws IllegalArgumentException if there is no server
   * @throws IOException if the variable makes no sense
   */
  public static boolean watchdog(SocketServer<?, ?>... servers) throws IOException {
    if (servers.length == 0) {
      throw new IllegalArgumentException("no server to watch: give those of the program");
    }
    Duration interval = watchdogInterval();
    if (interval == null) {
      return false;
    }
    new SystemdWatchdog(List.of(servers), interval).start();
    return true;
  }
}
