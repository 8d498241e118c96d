package socketserver.diesel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.receive;
import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.until;
import static socketserver.diesel.Diesel.untilEol;
import static socketserver.diesel.Diesel.waitFor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Strategy;

/** Clients, of services in the same process and of others. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class ClientTest extends LoopsTest {
  private static final String HOST = "127.0.0.1";

  ClientTest(Strategy strategy) {
    super(strategy);
  }

  /** A protocol of one request. */
  private static final class EchoClient extends Client {
    EchoClient(Service service) throws IOException {
      super(HOST, service.port());
    }

    String echo(String message) throws IOException {
      return call(
          () -> {
            send(message + "\r\n");
            return untilEol();
          });
    }
  }

  private static Service echoService() {
    return new Service(
        addr -> {
          while (true) {
            String message = untilEol();
            if (message.equals("quit\r\n")) {
              return;
            }
            send("you said " + message);
          }
        },
        0,
        HOST);
  }

  @Test
  void aClientAndItsServiceInOneProcessExchangeFiveThousandRequests() throws Exception {
    Service service = echoService();
    run(
        () -> {
          try (EchoClient client = new EchoClient(service)) {
            for (int i = 0; i < 5000; i++) {
              assertEquals("you said " + i + "\r\n", client.echo("" + i));
            }
          }
        },
        service);
  }

  @Test
  void manyClientsAreServedAtOnce() throws Exception {
    int clients = 50;
    Service service = echoService();
    List<Object> answered = new ArrayList<>();
    run(
        () -> {
          for (int i = 0; i < clients; i++) {
            int number = i;
            fork(
                () -> {
                  try (EchoClient client = new EchoClient(service)) {
                    for (int j = 0; j < 20; j++) {
                      assertEquals("you said " + number + "\r\n", client.echo("" + number));
                    }
                    answered.add(number);
                  }
                  fire("answered");
                });
          }
          while (answered.size() < clients) {
            waitFor("answered");
          }
        },
        service);
  }

  @Test
  void aClientIsClosedOnceTheOtherSideHasEndedAndAllIsRead() throws Exception {
    Service service = new Service(addr -> send("good bye\r\n"), 0, HOST);
    run(
        () -> {
          try (Client client = new Client(HOST, service.port())) {
            assertEquals("good", new String(client.call(() -> receive(4)), UTF_8));
            assertFalse(client.isClosed());
            assertEquals(" bye\r\n", client.call(() -> untilEol()));

            while (!client.isClosed()) {
              sleep(Duration.ofMillis(1));
            }
          }
        },
        service);
  }

  @Test
  void nobodyThereIsAnError() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket()) {
      closed.bind(new InetSocketAddress(HOST, 0));
      port = closed.getLocalPort();
    }
    run(
        () -> {
          ClientConnectionError error =
              assertThrows(ClientConnectionError.class, () -> new Client(HOST, port));

          assertEquals(
              "Could not connect to remote host (127.0.0.1:" + port + ")", error.getMessage());
          assertEquals(ConnectException.class, error.getCause().getClass());
          assertEquals(
              "cannot connect to 127.0.0.1/127.0.0.1:" + port + ": connection refused",
              error.getCause().getMessage());
        });
  }

  @Test
  void aServerThatDoesNotAnswerIsATimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket()) {
      // the system connects; TLS never begins
      silent.bind(new InetSocketAddress(HOST, 0));
      int port = silent.getLocalPort();
      run(
          () -> {
            SSLContext context = SSLContext.getDefault();
            Duration timeout = Duration.ofMillis(20);

            assertEquals(
                "connection timeout (127.0.0.1:" + port + ")",
                assertThrows(
                        ClientConnectionTimeout.class,
                        () -> new Client(HOST, port, context, timeout))
                    .getMessage());
          });
    }
  }

  @Test
  void aNameIsResolvedWhileOthersRun() throws Exception {
    Service service = new Service(addr -> send("hello\r\n"), 0);
    run(
        () -> {
          List<String> ran = new ArrayList<>();
          fork(() -> ran.add("other"));
          try (Client client = new Client("localhost", service.port())) {
            assertEquals("hello\r\n", client.call(() -> untilEol()));
            assertEquals("localhost", client.addr());
          }
          assertEquals(List.of("other"), ran);
        },
        service);
  }

  @Test
  void itConnectsFromTheAddressThatItIsGiven() throws Exception {
    Service service = new Service(addr -> send(addr.getHostString() + "\r\n"), 0, HOST);
    run(
        () -> {
          try (Client client = new Client(HOST, service.port(), null, null, HOST)) {
            assertEquals("127.0.0.1\r\n", client.call(() -> untilEol()));
          }
        },
        service);
  }

  @Test
  void aServiceThatLeavesEndsTheCall() throws Exception {
    Service service = echoService();
    run(
        () -> {
          try (EchoClient client = new EchoClient(service)) {
            ClientConnectionClosed error =
                assertThrows(ClientConnectionClosed.class, () -> client.echo("quit"));
            String where = " (addr=127.0.0.1, port=" + service.port() + ")";
            assertEquals("Connection closed by remote host" + where, error.getMessage());
            assertEquals(HOST, error.addr());
            assertEquals(service.port(), error.port());
            assertTrue(client.isClosed());

            for (int i = 0; i < 3; i++) {
              assertEquals(
                  "Client call failed: client connection was closed" + where,
                  assertThrows(ClientConnectionClosed.class, () -> client.echo("more"))
                      .getMessage());
            }
          }
        },
        service);
  }

  @Test
  void theRestOfABrokenAnswerIsInTheException() throws Exception {
    Service service = new Service(addr -> send("half an answ"), 0, HOST);
    run(
        () -> {
          try (Client client = new Client(HOST, service.port())) {
            ClientConnectionClosed error =
                assertThrows(ClientConnectionClosed.class, () -> client.call(() -> untilEol()));

            assertEquals("half an answ", new String(error.buffer(), StandardCharsets.UTF_8));
          }
        },
        service);
  }

  @Test
  void aClientThatIsClosedTakesNoCalls() throws Exception {
    Service service = echoService();
    run(
        () -> {
          EchoClient client = new EchoClient(service);
          assertFalse(client.isClosed());
          client.close();
          client.close();

          assertTrue(client.isClosed());
          assertThrows(ClientConnectionClosed.class, () -> client.echo("x"));
        },
        service);
  }

  @Test
  void whatIsSentBeforeClosingArrives() throws Exception {
    List<String> got = new ArrayList<>();
    Service service =
        new Service(
            addr -> {
              got.add(until("end"));
              fire("got");
            },
            0,
            HOST);
    run(
        () -> {
          Loop waiting = fork(() -> waitFor("got"));
          try (Client client = new Client(HOST, service.port())) {
            client.call(
                () -> {
                  send("the ");
                  send("end");
                  return null;
                });
          }
          while (waiting.deaths() == 0) {
            sleep(Duration.ofMillis(1));
          }
        },
        service);

    assertEquals(List.of("the end"), got);
  }

  @Test
  void aCallWithinAServicesHandlerIsAboutTheClientsConnection() throws Exception {
    Service back = echoService();
    Service front =
        new Service(
            addr -> {
              try (EchoClient client = new EchoClient(back)) {
                send(client.echo(untilEol().trim()));
              }
              send("and " + untilEol());
            },
            0,
            HOST);
    run(
        () -> {
          try (Client client = new Client(HOST, front.port())) {
            assertEquals(
                "you said hello\r\nand bye\r\n",
                client.call(
                    () -> {
                      send("hello\r\nbye\r\n");
                      return untilEol() + untilEol();
                    }));
          }
        },
        back,
        front);
  }

  @Test
  void twoLoopsDoNotReadOneConnectionAtOnce() throws Exception {
    Service service = new Service(addr -> receive(1), 0, HOST);
    run(
        () -> {
          try (Client client = new Client(HOST, service.port())) {
            fork(() -> client.call(() -> untilEol()));
            sleep();

            String message =
                assertThrows(IllegalStateException.class, () -> client.call(() -> untilEol()))
                    .getMessage();
            assertTrue(message.startsWith("another loop waits for input of "), message);
            client.call(
                () -> {
                  send("x");
                  return null;
                });
          }
        },
        service);
  }

  @Test
  void closingWhileAnotherLoopReadsEndsItsCall() throws Exception {
    Service service = new Service(addr -> receive(1), 0, HOST);
    List<String> got = new ArrayList<>();
    run(
        () -> {
          Client client = new Client(HOST, service.port());
          fork(
              () ->
                  got.add(
                      assertThrows(
                              ClientConnectionClosed.class, () -> client.call(() -> untilEol()))
                          .getMessage()));
          sleep();
          client.close();
          sleep();
        },
        service);

    assertTrue(got.get(0).contains("associated connection is closed"), got.get(0));
  }

  /** Fails when connected, as its protocol would at a greeting that it does not like. */
  private static final class Picky extends Client {
    Picky(Service service) throws IOException {
      super(HOST, service.port());
    }

    @Override
    protected void onConnect() throws IOException {
      throw new IOException("no: " + call(() -> untilEol()));
    }
  }

  @Test
  void aClientThatFailsWhenConnectedIsClosed() throws Exception {
    List<String> got = new ArrayList<>();
    Service service =
        new Service(
            addr -> {
              send("hello\r\n");
              got.add(assertThrows(ConnectionClosed.class, () -> receive(1)).getMessage());
              fire("left");
            },
            0,
            HOST);
    run(
        () -> {
          Loop left = fork(() -> waitFor("left"));
          assertEquals(
              "no: hello\r\n",
              assertThrows(IOException.class, () -> new Picky(service)).getMessage());
          while (left.deaths() == 0) {
            sleep(Duration.ofMillis(1));
          }
        },
        service);

    assertEquals(List.of("Connection closed by remote host"), got);
  }
}
