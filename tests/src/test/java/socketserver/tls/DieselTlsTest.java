package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.untilEol;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.diesel.Client;
import socketserver.diesel.ClientConnectionClosed;
import socketserver.diesel.ClientConnectionError;
import socketserver.diesel.Diesel;
import socketserver.diesel.LoopsTest;
import socketserver.diesel.Service;
import socketserver.fixture.Strategy;

/** Diesel's services and clients with TLS. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class DieselTlsTest extends LoopsTest {
  DieselTlsTest(Strategy strategy) {
    super(strategy);
  }

  private static Service echoService() {
    return new Service(
        addr -> {
          while (true) {
            String line = untilEol();
            send("you said " + line);
            if (line.equals("quit\r\n")) {
              return;
            }
          }
        },
        0,
        "127.0.0.1",
        Contexts.SERVER);
  }

  @Test
  void linesPassAndTheEndToo() throws Exception {
    Service service = echoService();
    run(
        () -> {
          try (Client client = new Client("localhost", service.port(), Contexts.CLIENT, null)) {
            for (String line : List.of("hello\r\n", "x".repeat(100_000) + "\r\n", "quit\r\n")) {
              assertEquals(
                  "you said " + line,
                  client.call(
                      () -> {
                        send(line);
                        return untilEol();
                      }));
            }
            assertThrows(ClientConnectionClosed.class, () -> client.call(() -> untilEol()));
          }
        },
        service);
  }

  @Test
  void muchLeavesBeforeTheConnectionIsClosed() throws Exception {
    byte[] all = new byte[3_000_000];
    new Random(1).nextBytes(all);
    Service service = new Service(addr -> send(all), 0, "127.0.0.1", Contexts.SERVER);
    run(
        () -> {
          try (Client client = new Client("localhost", service.port(), Contexts.CLIENT, null)) {
            assertEquals(true, client.call(() -> Arrays.equals(all, Diesel.receive(all.length))));
          }
        },
        service);
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    List<String> served = new ArrayList<>();
    Service service =
        new Service(
            addr -> served.add("served"),
            0,
            "127.0.0.1",
            Contexts.server(Certificates.elsewhere()));
    run(
        () ->
            assertThrows(
                ClientConnectionError.class,
                () -> new Client("localhost", service.port(), Contexts.CLIENT, null)),
        service);
  }

  @Test
  void aClientThatAsksForAnotherHandshakeIsRefused() throws Exception {
    Service service = echoService();
    run(
        () -> {
          Diesel.thread(
              () -> {
                InetSocketAddress address = new InetSocketAddress("localhost", service.port());
                try (EnginePeer client = EnginePeer.client(address, Contexts.CLIENT, "TLSv1.2")) {
                  client.handshake().write("hello\r\n");
                  assertEquals("you said hello\r\n", client.readLine());
                  client.socket.getOutputStream().write(client.hello());
                  client.awaitClosed();
                }
                return null;
              });
        },
        service);
  }

  @Test
  void aClientWithoutTlsGetsNoLoop() throws Exception {
    List<String> served = new ArrayList<>();
    Service service = new Service(addr -> served.add("served"), 0, "127.0.0.1", Contexts.SERVER);
    run(
        () -> {
          try (Client client = new Client("127.0.0.1", service.port())) {
            assertThrows(
                ClientConnectionClosed.class,
                () ->
                    client.call(
                        () -> {
                          send("GET / HTTP/1.0\r\n\r\n");
                          while (true) {
                            Diesel.receive();
                          }
                        }));
          }
        },
        service);

    assertEquals(List.of(), served);
  }
}
