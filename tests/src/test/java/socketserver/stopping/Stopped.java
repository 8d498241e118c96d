package socketserver.stopping;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import socketserver.BaseServer;
import socketserver.ForkingTCPServer;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Child;
import socketserver.fixture.RunningServer;

/**
 * A program with a server that closes it on exit. Arguments: the mix-in, or FORKING; the grace
 * period in milliseconds; and words for what else it does. It tells its port, or "bound", and its
 * handlers what they do.
 */
final class Stopped {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Stopped() {}

  /** Answers lines; some of them ask for more. */
  static final class Handler extends StreamRequestHandler {
    @Override
    public void handle() throws Exception {
      String line = rfile.readline(StandardCharsets.UTF_8).strip();
      while (!line.isEmpty()) {
        wfile.write(answer(line) + "\n");
        line = rfile.readline(StandardCharsets.UTF_8).strip();
      }
    }

    private Object answer(String line) throws Exception {
      switch (line) {
        case "closing?" -> {
          return server.isClosing();
        }
        case "pid?" -> {
          return ProcessHandle.current().pid();
        }
        case "quit" -> {
          wfile.write("bye\n");
          System.exit(3);
        }
        case "hold" -> {
          wfile.write("holds\n");
          NEVER.await();
        }
        case "stuck" -> {
          wfile.write("holds\n");
          while (true) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
          }
        }
        case "flood" -> {
          while (true) {
            wfile.write(new byte[64 << 10]);
          }
        }
        default -> {}
      }
      return line;
    }
  }

  /** A server whose requests run in child processes. */
  static final class Forking extends ForkingTCPServer {
    Forking() throws IOException {
      super(RunningServer.anyPort(), Handler::new);
      spareChildren(1);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Duration grace = Duration.ofMillis(Long.parseLong(arguments[1]));
    try (BaseServer<?> server = server(arguments)) {
      for (int i = 2; i < arguments.length; i++) {
        if (arguments[i].equals("idle")) {
          server.endIdleOnClose(true);
        } else if (arguments[i].equals("handler")) {
          handle("TERM");
        }
      }
      server.closeOnExit(grace);
      if (arguments[arguments.length - 1].equals("close")) {
        server.serverClose();
        Child.tell("closed");
        NEVER.await();
      }
      Child.tell(arguments[0].startsWith("/") ? "bound" : server.serverPort());
      server.serveForever();
    }
    Child.tell("main ends");
  }

  private static BaseServer<?> server(String[] arguments) throws IOException {
    if (arguments[0].equals("FORKING")) {
      return new Forking();
    }
    if (arguments[0].startsWith("/")) {
      var server = Mixed.THREADING.unix(Path.of(arguments[0]), Handler::new);
      server.unlinkOnClose(true);
      return server;
    }
    return Mixed.valueOf(arguments[0]).tcp(Handler::new);
  }

  /** Handles a signal by itself, as a program may. */
  private static void handle(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(
            Stopped.class.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, values) -> {
              if (method.getName().equals("handle")) {
                Child.tell("the program's own");
                System.exit(7);
              }
              return method.getName().equals("toString") ? "own" : null;
            });
    Method handle = type.getMethod("handle", type, handlerType);
    handle.invoke(null, type.getConstructor(String.class).newInstance(name), handler);
  }
}
