package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.SocketType;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.ThreadingTCPServer;
import socketserver.UDPServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Python's class attributes: a method to override, and a setter for one instance. */
@Timeout(60)
class AttributesTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  /** Overrides every attribute there is. */
  private static final class Fixed extends TCPServer implements ThreadingMixIn {
    Fixed() throws IOException {
      super(RunningServer.anyPort(), Silent::new, false);
    }

    @Override
    public boolean allowReuseAddress() {
      return true;
    }

    @Override
    public boolean allowReusePort() {
      return true;
    }

    @Override
    public boolean dualstackIpv6() {
      return false;
    }

    @Override
    public int requestQueueSize() {
      return 50;
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(1);
    }

    @Override
    public ProtocolFamily addressFamily() {
      return StandardProtocolFamily.INET;
    }

    @Override
    public boolean daemonThreads() {
      return true;
    }

    @Override
    public boolean blockOnClose() {
      return false;
    }

    @Override
    public HandlerFactory<StreamSocket> requestHandler() {
      return Silent::new;
    }
  }

  private static final class FixedDatagrams extends UDPServer {
    FixedDatagrams() throws IOException {
      super(RunningServer.anyPort(), Silent::new, false);
    }

    @Override
    public int maxPacketSize() {
      return 65507;
    }
  }

  private interface Setter<S> {
    void set(S server);
  }

  private static Arguments setter(String name, Setter<Fixed> setter) {
    return Arguments.of(name, setter);
  }

  static Stream<Arguments> setters() {
    return Stream.of(
        setter("allowReuseAddress", server -> server.allowReuseAddress(false)),
        setter("allowReusePort", server -> server.allowReusePort(false)),
        setter("dualstackIpv6", server -> server.dualstackIpv6(true)),
        setter("requestQueueSize", server -> server.requestQueueSize(1)),
        setter("timeout", server -> server.timeout(Duration.ofSeconds(2))),
        setter("addressFamily", server -> server.addressFamily(StandardProtocolFamily.INET6)),
        setter("daemonThreads", server -> server.daemonThreads(false)),
        setter("blockOnClose", server -> server.blockOnClose(true)),
        setter("requestHandler", server -> server.requestHandler(Silent::new)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("setters")
  void setterThatAnOverrideMakesUselessNamesTheClassThatOverrides(String name, Setter<Fixed> setter)
      throws IOException {
    try (var server = new Fixed()) {
      IllegalStateException error =
          assertThrows(IllegalStateException.class, () -> setter.set(server));
      assertTrue(error.getMessage().contains(name), error.getMessage());
      assertTrue(error.getMessage().contains(Fixed.class.getName()), error.getMessage());
    }
  }

  @Test
  void setterOfADatagramServersAttributeNamesTheClassToo() throws IOException {
    try (var server = new FixedDatagrams()) {
      IllegalStateException error =
          assertThrows(IllegalStateException.class, () -> server.maxPacketSize(1));
      assertTrue(error.getMessage().contains("maxPacketSize"), error.getMessage());
      assertTrue(error.getMessage().contains(FixedDatagrams.class.getName()), error.getMessage());
    }
  }

  @Test
  void classThatOverridesIsNamedEvenIfASubclassIsSet() throws IOException {
    class Base extends TCPServer {
      Base() throws IOException {
        super(RunningServer.anyPort(), Silent::new, false);
      }

      @Override
      public int requestQueueSize() {
        return 7;
      }
    }
    class Derived extends Base {
      Derived() throws IOException {}
    }

    try (var server = new Derived()) {
      IllegalStateException error =
          assertThrows(IllegalStateException.class, () -> server.requestQueueSize(8));
      assertTrue(error.getMessage().contains(Base.class.getName() + " "), error.getMessage());
    }
  }

  @Test
  void overrideThatAsksSuperMakesTheSetterUselessAllTheSame() throws IOException {
    class Doubling extends TCPServer {
      Doubling() throws IOException {
        super(RunningServer.anyPort(), Silent::new, false);
      }

      @Override
      public int requestQueueSize() {
        return 2 * super.requestQueueSize();
      }
    }

    try (var server = new Doubling()) {
      assertEquals(10, server.requestQueueSize());
      assertThrows(IllegalStateException.class, () -> server.requestQueueSize(8));
    }
  }

  @Test
  void valuesThatAreSetAreReadAgain() throws IOException {
    try (var server = new ThreadingTCPServer(RunningServer.anyPort(), Silent::new, false);
        var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new, false)) {
      server.allowReuseAddress(false);
      server.allowReusePort(true);
      server.requestQueueSize(50);
      server.timeout(Duration.ofSeconds(1));
      server.addressFamily(StandardProtocolFamily.INET6);
      server.daemonThreads(true);
      server.blockOnClose(false);
      HandlerFactory<StreamSocket> factory = Silent::new;
      server.requestHandler(factory);
      datagrams.maxPacketSize(1);

      assertFalse(server.allowReuseAddress());
      assertTrue(server.allowReusePort());
      assertEquals(50, server.requestQueueSize());
      assertEquals(Duration.ofSeconds(1), server.timeout());
      assertEquals(StandardProtocolFamily.INET6, server.addressFamily());
      assertTrue(server.daemonThreads());
      assertFalse(server.blockOnClose());
      assertEquals(factory, server.requestHandler());
      assertEquals(1, datagrams.maxPacketSize());
    }
  }

  @Test
  void defaultsArePythonsButForReusingAnAddress() throws IOException {
    try (var server = new ThreadingTCPServer(RunningServer.anyPort(), Silent::new, false);
        var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new, false)) {
      assertTrue(server.allowReuseAddress());
      assertFalse(datagrams.allowReuseAddress());
      assertFalse(server.allowReusePort());
      assertEquals(5, server.requestQueueSize());
      assertNull(server.timeout());
      assertEquals(StandardProtocolFamily.INET, server.addressFamily());
      assertEquals(SocketType.STREAM, server.socketType());
      assertFalse(server.daemonThreads());
      assertTrue(server.blockOnClose());
      assertEquals(8192, datagrams.maxPacketSize());
      assertEquals(SocketType.DGRAM, datagrams.socketType());
    }
  }

  @Test
  void whatBindingReadsCannotBeSetOnceBound() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      comesTooLate("allowReuseAddress", () -> server.allowReuseAddress(true));
      comesTooLate("allowReusePort", () -> server.allowReusePort(true));
      comesTooLate("requestQueueSize", () -> server.requestQueueSize(50));
      comesTooLate("addressFamily", () -> server.addressFamily(StandardProtocolFamily.INET6));
    }
    try (var server = new UDPServer(RunningServer.anyPort(), Silent::new)) {
      comesTooLate("allowReuseAddress", () -> server.allowReuseAddress(true));
      comesTooLate("allowReusePort", () -> server.allowReusePort(true));
      comesTooLate("addressFamily", () -> server.addressFamily(StandardProtocolFamily.INET6));
    }
  }

  private static void comesTooLate(String name, Executable setter) {
    IllegalStateException error = assertThrows(IllegalStateException.class, setter);
    assertTrue(error.getMessage().contains(name), error.getMessage());
    assertTrue(error.getMessage().contains("bindAndActivate"), error.getMessage());
  }

  @Test
  void whatEachRequestReadsCanBeSetWhileServing() throws IOException {
    class Greeter extends StreamRequestHandler {
      private final String greeting;

      Greeter(String greeting) {
        this.greeting = greeting;
      }

      @Override
      public void handle() throws IOException {
        wfile.write(greeting);
      }
    }

    try (var running =
        RunningServer.start(
            new TCPServer(RunningServer.anyPort(), () -> new Greeter("good morning")))) {
      try (var client = TcpClient.to(running)) {
        assertEquals("good morning", client.rest());
      }
      running.server().requestHandler(() -> new Greeter("good evening"));
      try (var client = TcpClient.to(running)) {
        assertEquals("good evening", client.rest());
      }
    }
  }

  @Test
  void handlerFactoryMayComeFromAnOverride() throws IOException {
    class Server extends TCPServer {
      Server() throws IOException {
        super(RunningServer.anyPort(), null);
      }

      @Override
      public HandlerFactory<StreamSocket> requestHandler() {
        return Silent::new;
      }
    }

    try (var running = RunningServer.start(new Server());
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
    }
  }

  @Test
  void handlerFactoryMayBeMissingWhereFinishRequestIsOverridden() throws IOException {
    class Server extends TCPServer {
      Server() throws IOException {
        super(RunningServer.anyPort(), null);
      }

      @Override
      public void finishRequest(StreamSocket request, java.net.SocketAddress client)
          throws IOException {
        request.sendall("without a handler\n");
      }
    }

    try (var running = RunningServer.start(new Server());
        var client = TcpClient.to(running)) {
      assertEquals("without a handler\n", client.rest());
    }
  }

  @Test
  void addressFamilyOverrideMakesAnIpv6Server() throws IOException {
    class Server extends TCPServer {
      Server() throws IOException {
        super(new InetSocketAddress(InetAddress.getByName("::1"), 0), Silent::new);
      }

      @Override
      public ProtocolFamily addressFamily() {
        return StandardProtocolFamily.INET6;
      }
    }

    assumeIpv6();
    try (var running = RunningServer.start(new Server());
        var client = TcpClient.to(running)) {
      assertEquals("::1", running.server().serverHost());
      assertEquals("", client.rest());
    }
  }

  @Test
  void wildcardOfAnIpv6ServerIsIpv6s() throws IOException {
    assumeIpv6();
    try (var server = new TCPServer(new InetSocketAddress(0), Silent::new, false)) {
      server.addressFamily(StandardProtocolFamily.INET6);
      server.serverBind();
      assertEquals("::", server.serverHost());
    }
  }

  @Test
  void wildcardOfAnIpv4ServerIsIpv4s() throws IOException {
    try (var server = new TCPServer(new InetSocketAddress("::", 0), Silent::new)) {
      assertEquals("0.0.0.0", server.serverHost());
    }
  }

  private static void assumeIpv6() throws IOException {
    try (var probe = new java.net.ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      assertTrue(probe.isBound());
    } catch (java.net.BindException e) {
      String reason = "SKIPPED: no IPv6 loopback interface on this machine: " + e.getMessage();
      System.err.println(reason);
      Assumptions.abort(reason);
    }
  }
}
