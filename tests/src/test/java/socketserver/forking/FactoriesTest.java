package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.ForkingMixIn;
import socketserver.ForkingTCPServer;
import socketserver.HandlerFactory;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Handler factories: they cross to children, or the server is not made. */
@Timeout(120)
class FactoriesTest {
  /** Says who made it. */
  public static class Signed extends StreamRequestHandler {
    private final String maker;

    public Signed() {
      this("a constructor");
    }

    public Signed(String maker) {
      this.maker = maker;
    }

    @Override
    public void handle() throws Exception {
      wfile.write(maker + "\n");
    }
  }

  private static String signature(TCPServer server) throws IOException {
    try (TcpClient client = TcpClient.to(server)) {
      return client.rest().strip();
    }
  }

  @Test
  void crossAsConstructorsClassesAndLambdasWithWhatTheyCaptured() throws Exception {
    ForkingTCPServer server = new ForkingTCPServer(RunningServer.anyPort(), Signed::new);
    server.spareChildren(0);
    server.maxRequestsPerChild(0);
    try (var running = RunningServer.start(server)) {
      assertEquals("a constructor", signature(running.server()));
      server.requestHandler(HandlerFactory.of(Signed.class));
      assertEquals("a constructor", signature(server));
      List<String> captured = List.of("a", "list");
      server.requestHandler(() -> new Signed(String.join(" ", captured)));
      assertEquals("a list", signature(server));
      // one that cannot cross changes nothing
      Object hindrance = new Object();
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class,
              () -> server.requestHandler(() -> new Signed(hindrance.toString())));
      assertTrue(refusal.getMessage().contains("java.lang.Object is not serialisable"));
      assertEquals("a list", signature(server));
      server.requestHandler(Signed::new);
      assertEquals("a constructor", signature(server));
    }
  }

  private static void refuses(String named, HandlerFactory<StreamSocket> factory) {
    var before = Processes.children();
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ForkingTCPServer(RunningServer.anyPort(), factory).close());
    assertTrue(error.getMessage().contains(named), error.getMessage());
    assertTrue(error.getMessage().contains("Handler::new"), error.getMessage());
    assertEquals(before, Processes.children());
  }

  @Test
  void thatCaptureWhatCannotCrossAreRefusedWithItsClass() {
    Thread worker = new Thread();
    refuses("java.lang.Thread", () -> new Signed(worker.getName()));
  }

  @Test
  void thatCaptureTheirSurroundingsAreRefusedWithItsClass() {
    refuses("FactoriesTest", () -> new Signed(toString()));
  }

  /** Not serialisable. */
  private static final class Workshop {
    BaseRequestHandler<StreamSocket> handler() {
      return new Signed();
    }
  }

  @Test
  void thatAreMethodsOfWhatCannotCrossAreRefusedWithItsClass() {
    refuses("FactoriesTest$Workshop", new Workshop()::handler);
  }

  // Classes that no child finds

  /** Has classes in memory only. */
  private static final class InMemory extends ClassLoader {
    private final List<String> own;

    InMemory(Class<?>... own) {
      super(FactoriesTest.class.getClassLoader());
      this.own = List.of(own).stream().map(Class::getName).toList();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && own.contains(name)) {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] bytes = in.readAllBytes();
          loaded = defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
      return loaded != null ? loaded : super.loadClass(name, resolve);
    }

    @Override
    public java.net.URL getResource(String name) {
      // as of a class that was made at run time
      return own.contains(name.replace('/', '.').replaceAll("\\.class$", ""))
          ? null
          : super.getResource(name);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return getParent().getResourceAsStream(name);
    }
  }

  /** A server that is to be loaded a second time. */
  public static class Loaded extends TCPServer implements ForkingMixIn {
    public Loaded(SocketAddress address) throws IOException {
      super(address, Signed::new);
    }
  }

  /** Gives a factory of its own, and is to be loaded a second time. */
  public static class Maker {
    public static HandlerFactory<StreamSocket> factory() {
      return () -> new Signed("maker");
    }
  }

  private static void saysThatItIsNowhere(Throwable error, Class<?> type) {
    assertTrue(error instanceof IllegalArgumentException, () -> "" + error);
    assertTrue(error.getMessage().contains(type.getName()), error.getMessage());
    assertTrue(error.getMessage().contains("cannot be found by a child"), error.getMessage());
  }

  @Test
  void ofServersThatAreInMemoryOnlyAreRefused() throws Exception {
    Class<?> loaded = new InMemory(Loaded.class).loadClass(Loaded.class.getName());
    var constructor = loaded.getConstructor(SocketAddress.class);
    InvocationTargetException error =
        assertThrows(
            InvocationTargetException.class,
            () -> constructor.newInstance(RunningServer.anyPort()));
    saysThatItIsNowhere(error.getCause(), loaded);
  }

  @Test
  void thatAreInMemoryOnlyAreRefused() throws Exception {
    Class<?> maker = new InMemory(Maker.class).loadClass(Maker.class.getName());
    @SuppressWarnings("unchecked")
    var factory = (HandlerFactory<StreamSocket>) maker.getMethod("factory").invoke(null);
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ForkingTCPServer(RunningServer.anyPort(), factory).close());
    saysThatItIsNowhere(error, maker);
  }
}
