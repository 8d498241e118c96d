package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.Background;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.TcpClient;

/** A server whose process can open nothing any more. */
@Timeout(120)
class OutOfDescriptorsTest {
  private static final int FEW = 200;

  @Test
  void pausesAndServesWhoHasWaited() throws Exception {
    Descriptors.assumeCountable();
    try (Child server = Child.startWithin(FEW, OutOfDescriptors.class, List.of())) {
      int port = Integer.parseInt(server.hear());
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (var client = TcpClient.to(address, 4096)) {
        assertEquals("hello\n", client.rest());
      }
      server.say("fill");
      assertEquals("full", server.hear());
      CompletableFuture<String> freed = Background.ask("hears the server", server::hear);
      do {
        try (var client = TcpClient.to(address, 4096)) {
          assertEquals("hello\n", client.rest());
        }
      } while (!freed.isDone());
      assertEquals("freed", Background.result(freed));
      server.say("end");
      server.awaitEnd();
      assertTrue(server.output().contains("cannot accept"), server.output());
    }
  }
}
