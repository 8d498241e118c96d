package socketserver.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Factories that are missing or make no handler, and classes that cannot be a handler. */
@Timeout(60)
class FactoriesTest {
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();

  static class Greeter extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write("hello\n");
    }
  }

  private final class Server extends TCPServer {
    Server(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      errors.add(error);
    }
  }

  private final class Threading extends TCPServer implements ThreadingMixIn {
    Threading(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      errors.add(error);
    }
  }

  @Test
  void missingFactorySaysWhatToGive() {
    NullPointerException error =
        assertThrows(
            NullPointerException.class, () -> new TCPServer(RunningServer.anyPort(), null).close());
    assertTrue(error.getMessage().contains("Handler::new"), error.getMessage());
    assertTrue(error.getMessage().contains("finishRequest()"), error.getMessage());
    assertThrows(
        NullPointerException.class, () -> new UDPServer(RunningServer.anyPort(), null).close());
  }

  @Test
  void factoryCannotBeTakenAway() throws IOException {
    try (var server = new Server(Greeter::new)) {
      NullPointerException error =
          assertThrows(NullPointerException.class, () -> server.requestHandler(null));
      assertTrue(error.getMessage().contains("Handler::new"), error.getMessage());
      serveTwice(server, "hello\n");
    }
  }

  @Test
  void factoryThatReturnsNullIsReportedAndTheServerGoesOn() throws IOException {
    serveTwice(new Server(() -> null), "");
    assertEquals(2, errors.size());
    assertInstanceOf(IllegalStateException.class, errors.get(0));
    assertTrue(errors.get(0).getMessage().contains("returned null"), errors.toString());
  }

  @Test
  void factoryThatReturnsNullInAThreadIsReportedAndTheServerGoesOn() throws IOException {
    serveTwice(new Threading(() -> null), "");
    Eventually.holds("both are reported", () -> errors.size() == 2);
    assertInstanceOf(IllegalStateException.class, errors.get(0));
  }

  @Test
  void factoryThatThrowsIsReportedAndTheServerGoesOn() throws IOException {
    IOException failure = new IOException("no such folder");
    serveTwice(
        new Server(
            () -> {
              throw failure;
            }),
        "");
    assertEquals(List.of(failure, failure), errors);
  }

  @Test
  void factoryThatThrowsInAThreadIsReportedAndTheServerGoesOn() throws IOException {
    IllegalStateException failure = new IllegalStateException("not now");
    serveTwice(
        new Threading(
            () -> {
              throw failure;
            }),
        "");
    Eventually.holds("both are reported", () -> errors.equals(List.of(failure, failure)));
  }

  @Test
  void factoryMayGiveTheSameHandlerAgain() throws IOException {
    Greeter shared = new Greeter();
    serveTwice(new Server(() -> shared), "hello\n");
    assertEquals(List.of(), errors);
  }

  private void serveTwice(TCPServer server, String expected) throws IOException {
    try (var running = RunningServer.start(server)) {
      for (int i = 0; i < 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals(expected, client.rest());
        }
      }
    }
  }

  // HandlerFactory.of

  static class PrivateConstructor extends StreamRequestHandler {
    private PrivateConstructor() {}
  }

  abstract static class Abstract extends StreamRequestHandler {}

  class Inner extends StreamRequestHandler {}

  static class WithArgument extends StreamRequestHandler {
    WithArgument(String argument) {
      assertEquals("", argument);
    }
  }

  static class Throwing extends StreamRequestHandler {
    static final IOException CHECKED = new IOException("constructor failed");

    Throwing() throws IOException {
      throw CHECKED;
    }
  }

  static class Dying extends StreamRequestHandler {
    Dying() {
      throw new StackOverflowError("constructor failed");
    }
  }

  private static class PrivateClass extends Greeter {
    PrivateClass() {}
  }

  private static void refused(Class<? extends StreamRequestHandler> type, String reason) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> HandlerFactory.<StreamSocket>of(type));
    assertTrue(error.getMessage().contains(type.getName()), error.getMessage());
    assertTrue(error.getMessage().contains(reason), error.getMessage());
  }

  @Test
  void classThatCannotBeMadeIsRefusedWithTheReason() {
    refused(PrivateConstructor.class, "private");
    refused(Abstract.class, "abstract");
    refused(Inner.class, "inner class");
    refused(WithArgument.class, "constructor without arguments");
  }

  @Test
  void missingClassIsRefused() {
    NullPointerException error =
        assertThrows(NullPointerException.class, () -> HandlerFactory.<StreamSocket>of(null));
    assertTrue(error.getMessage().contains("class"), error.getMessage());
  }

  @Test
  void classIsMadeAnewForEachRequest() throws Exception {
    HandlerFactory<StreamSocket> factory = HandlerFactory.of(Greeter.class);
    assertInstanceOf(Greeter.class, factory.newHandler());
    assertNotSame(factory.newHandler(), factory.newHandler());
    serveTwice(new Server(factory), "hello\n");
    assertEquals(List.of(), errors);
  }

  @Test
  void classNeedNotBePublic() throws Exception {
    serveTwice(new Server(HandlerFactory.of(PrivateClass.class)), "hello\n");
    assertEquals(List.of(), errors);
  }

  @Test
  void exceptionOfItsConstructorComesAsItIs() {
    HandlerFactory<StreamSocket> throwing = HandlerFactory.of(Throwing.class);
    assertSame(Throwing.CHECKED, assertThrows(IOException.class, throwing::newHandler));
    HandlerFactory<StreamSocket> dying = HandlerFactory.of(Dying.class);
    assertThrows(StackOverflowError.class, dying::newHandler);
  }

  @Test
  void factoryOfAClassCanCrossToAnotherProcess() throws Exception {
    HandlerFactory<StreamSocket> factory = HandlerFactory.of(Greeter.class);
    assertInstanceOf(Greeter.class, copied(factory).newHandler());
  }

  @Test
  void factoryOfAMethodReferenceCanCrossToAnotherProcess() throws Exception {
    HandlerFactory<StreamSocket> factory = Greeter::new;
    assertInstanceOf(Greeter.class, copied(factory).newHandler());
  }

  @SuppressWarnings("unchecked")
  private static HandlerFactory<StreamSocket> copied(HandlerFactory<StreamSocket> factory)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(factory);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (HandlerFactory<StreamSocket>) in.readObject();
    }
  }

  static class OfAny extends BaseRequestHandler<Object> {}

  @Test
  void classOfAHandlerForAnyRequestServesBothKinds() throws Exception {
    HandlerFactory<StreamSocket> streams = HandlerFactory.of(OfAny.class);
    HandlerFactory<DatagramRequest> datagrams = HandlerFactory.of(OfAny.class);
    assertInstanceOf(OfAny.class, streams.newHandler());
    assertInstanceOf(OfAny.class, datagrams.newHandler());
  }

  @Test
  void serverThatAHandlerTakesForAnotherClassIsNamed() throws IOException {
    class Asking extends StreamRequestHandler {
      @Override
      public void handle() {
        server(UDPServer.class).maxPacketSize();
      }
    }

    serveTwice(new Server(Asking::new), "");
    assertInstanceOf(ClassCastException.class, errors.get(0));
    String message = errors.get(0).getMessage();
    assertTrue(message.contains(Server.class.getName()), message);
    assertTrue(message.contains(UDPServer.class.getName()), message);
  }
}
