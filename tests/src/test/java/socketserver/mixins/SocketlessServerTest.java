package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.HandlerFactory;
import socketserver.ThreadingMixIn;
import socketserver.fixture.Calls;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;

/** A {@code BaseServer} with requests of its own and no socket. */
@Timeout(60)
class SocketlessServerTest {
  private final Calls calls = new Calls();

  private final class Handler extends BaseRequestHandler<String> {
    @Override
    public void handle() {
      boolean own = Thread.currentThread().getName().endsWith("(process_request_thread)");
      calls.add(request + " from " + clientAddress + (own ? " in a thread" : ""));
    }
  }

  private HandlerFactory<String> handler() {
    return Handler::new;
  }

  @Test
  void requestsAreWhatGetRequestSays() {
    try (var running = RunningServer.start(new QueueServer(handler()))) {
      running.server().offer("one", "two");
      calls.await("two from " + QueueServer.CLIENT, 1);
    }
    assertEquals(
        List.of("one from " + QueueServer.CLIENT, "two from " + QueueServer.CLIENT), calls.all());
  }

  @Test
  void mixInsWorkForThemToo() {
    class Threaded extends QueueServer implements ThreadingMixIn {
      Threaded() {
        super(handler());
      }
    }

    try (var running = RunningServer.start(new Threaded())) {
      running.server().offer("one");
      calls.await("one from " + QueueServer.CLIENT + " in a thread", 1);
    }
  }

  @Test
  void handleRequestTakesOne() {
    try (var server = new QueueServer(handler())) {
      server.offer("one", "two");
      server.handleRequest();
      assertEquals(List.of("one from " + QueueServer.CLIENT), calls.all());
    }
  }

  @Test
  void closingEndsTheLoop() {
    try (var running = RunningServer.start(new QueueServer(handler()))) {
      running.server().offer("one");
      calls.await("one from " + QueueServer.CLIENT, 1);
      running.server().serverClose();
      assertEquals(null, running.failure());
    }
  }

  @Test
  void thereIsNoDescriptor() {
    try (var server = new QueueServer(handler())) {
      assertThrows(UnsupportedOperationException.class, server::fileno);
    }
  }

  @Test
  void getRequestThatIsNotOverriddenSaysWhatToDo() {
    class Bare extends BaseServer<String> {
      Bare() {
        super(QueueServer.CLIENT, handler());
      }
    }

    try (var server = new Bare()) {
      UnsupportedOperationException error =
          assertThrows(UnsupportedOperationException.class, server::handleRequest);
      assertTrue(error.getMessage().contains("getRequest()"), error.getMessage());
    }
  }
}
