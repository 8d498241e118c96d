package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.datagram;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.untilEol;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** Services and clients of datagrams. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class DatagramTest extends LoopsTest {
  private static final String HOST = "127.0.0.1";

  DatagramTest(Strategy strategy) {
    super(strategy);
  }

  private static UDPService echoService() {
    return new UDPService(
        () -> {
          while (true) {
            send("you said " + datagram());
          }
        },
        0,
        HOST);
  }

  private static String ask(UDPClient client, String message) throws Exception {
    return client.call(
        () -> {
          send(message);
          return datagram().toString();
        });
  }

  @Test
  void aDatagramIsAnsweredToItsSender() throws Exception {
    UDPService service = echoService();
    run(
        () -> {
          assertNull(service.remoteAddr());
          try (UDPClient one = new UDPClient(HOST, service.port());
              UDPClient other = new UDPClient(HOST, service.port())) {
            assertEquals("you said a", ask(one, "a"));
            InetSocketAddress first = service.remoteAddr();
            assertEquals("you said b", ask(other, "b"));
            assertEquals("you said c", ask(one, "c"));
            assertEquals(first, service.remoteAddr());
          }
        },
        service);
  }

  @Test
  void itsSenderIsKnown() throws Exception {
    UDPService service = echoService();
    run(
        () -> {
          try (UDPClient client = new UDPClient(HOST, service.port())) {
            Datagram answer =
                client.call(
                    () -> {
                      send("x");
                      return datagram();
                    });
            assertEquals(new InetSocketAddress(HOST, service.port()), answer.addr());
          }
        },
        service);
  }

  @Test
  void theLongestAndTheShortestPass() throws Exception {
    UDPService service =
        new UDPService(
            () -> {
              while (true) {
                send(datagram().data());
              }
            },
            0,
            HOST);
    byte[] longest = new byte[60_000];
    new Random(1).nextBytes(longest);
    run(
        () -> {
          try (UDPClient client = new UDPClient(HOST, service.port())) {
            for (byte[] data : List.of(longest, new byte[0], new byte[1])) {
              assertArrayEquals(
                  data,
                  client.call(
                      () -> {
                        send(data);
                        return datagram().data();
                      }));
            }
          }
        },
        service);
  }

  @Test
  void aFirstIsEndedByADatagram() throws Exception {
    UDPService service = echoService();
    run(
        () -> {
          try (UDPClient client = new UDPClient(HOST, service.port())) {
            Fired fired =
                client.call(
                    () -> {
                      send("x");
                      return first(new First().datagram().sleep(Bounds.NEVER));
                    });
            assertEquals(First.DATAGRAM, fired.token());
            assertEquals("you said x", fired.value().toString());
          }
        },
        service);
  }

  @Test
  void aServiceWhoseHandlerReturnsIsClosed() throws Exception {
    UDPService service = new UDPService(() -> send("bye " + datagram()), 0, HOST);
    run(
        () -> {
          try (UDPClient client = new UDPClient(HOST, service.port())) {
            assertEquals("bye x", ask(client, "x"));
          }
          while (service.listening()) {
            sleep(Duration.ofMillis(1));
          }
        },
        service);
  }

  @Test
  void thereIsNobodyToAnswerBeforeTheFirst() throws Exception {
    List<String> got = new ArrayList<>();
    UDPService service =
        new UDPService(
            () -> {
              got.add(assertThrows(IllegalStateException.class, () -> send("hello?")).getMessage());
              got.add(assertThrows(IllegalStateException.class, () -> untilEol()).getMessage());
            },
            0,
            HOST);
    run(
        () -> {
          while (got.size() < 2) {
            sleep(Duration.ofMillis(1));
          }
        },
        service);

    assertEquals(
        List.of(
            "nobody to answer: no datagram was received yet",
            "a UDP socket has datagrams only: use datagram()"),
        got);
  }

  @Test
  void aClientThatIsClosedIsToldOnce() throws Exception {
    UDPService service = echoService();
    List<String> got = new ArrayList<>();
    run(
        () -> {
          UDPClient client = new UDPClient(HOST, service.port());
          Loop reader =
              fork(
                  () ->
                      got.add(
                          assertThrows(
                                  ClientConnectionClosed.class, () -> client.call(() -> datagram()))
                              .getMessage()));
          sleep();
          client.close();
          sleep();
          assertEquals(1, reader.deaths());
        },
        service);

    assertTrue(got.get(0).startsWith("Cannot complete UDP socket operation"), got.get(0));
  }
}
