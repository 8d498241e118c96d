package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.receive;
import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.thread;
import static socketserver.diesel.Diesel.until;
import static socketserver.diesel.Diesel.untilEol;
import static socketserver.diesel.Diesel.waitFor;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/** A service and real clients, which are the JDK's. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class StreamTest extends LoopsTest {
  StreamTest(Strategy strategy) {
    super(strategy);
  }

  /** What a client does, in a thread of its own. */
  private interface Conversation {
    void hold(TcpClient client) throws Exception;
  }

  /** Runs a service while a client talks to it; the client's end halts the application. */
  private static void serve(ConnectionHandler handler, Conversation conversation) throws Exception {
    Service service = new Service(handler, 0, "127.0.0.1");
    run(
        () ->
            thread(
                () -> {
                  try (TcpClient client = connect(service)) {
                    conversation.hold(client);
                  }
                  return null;
                }),
        service);
  }

  private static TcpClient connect(Service service) throws IOException {
    return TcpClient.to(new InetSocketAddress("127.0.0.1", service.port()), 0);
  }

  /** As the Cookbook's, which catches everything and goes on. */
  private static void echo(List<String> caught) {
    while (true) {
      try {
        send("You said: " + untilEol());
      } catch (Exception e) {
        caught.add(e.getMessage());
      }
    }
  }

  @Test
  void aLineIsAnsweredWithItsEnd() throws Exception {
    serve(
        addr -> echo(new ArrayList<>()),
        client ->
            assertEquals(
                "You said: Hello Diesel server!\r\n",
                client.send("Hello Diesel server!\r\n").line()));
  }

  @Test
  void aLineThatComesInPartsIsOne() throws Exception {
    List<String> steps = new ArrayList<>();
    serve(
        addr -> {
          steps.add(new String(receive(3), StandardCharsets.UTF_8));
          send("got it\r\n");
          send("You said: " + untilEol());
        },
        client -> {
          assertEquals("got it\r\n", client.send("abcde").line());
          // nothing but the line feed is missing
          client.send("f\r");
          assertEquals("You said: def\r\n", client.send("\n").line());
        });

    assertEquals(List.of("abc"), steps);
  }

  @Test
  void linesOfOneSegmentAreAnsweredInTurn() throws Exception {
    serve(
        addr -> echo(new ArrayList<>()),
        client -> {
          client.send("one\r\ntwo\r\n");

          assertEquals("You said: one\r\n", client.line());
          assertEquals("You said: two\r\n", client.line());
        });
  }

  @Test
  void aLineFeedAloneEndsNoLine() throws Exception {
    serve(
        addr -> echo(new ArrayList<>()),
        client -> {
          client.send("one\ntwo\r\n");

          assertEquals("You said: one\n", client.line());
          assertEquals("two\r\n", client.line());
        });
  }

  @Test
  void anEchoLoopThatCatchesEverythingEndsWithItsClient() throws Exception {
    List<String> caught = new ArrayList<>();
    List<Loop> loops = new ArrayList<>();
    Service service =
        new Service(
            addr -> {
              loops.add(Loop.current());
              echo(caught);
            },
            0,
            "127.0.0.1");
    run(
        () -> {
          for (int i = 0; i < 2; i++) {
            String line =
                thread(
                    () -> {
                      try (TcpClient client = connect(service)) {
                        return client.send("hello\r\n").line();
                      }
                    });
            assertEquals("You said: hello\r\n", line);
          }
          while (loops.stream().anyMatch(Loop::running)) {
            sleep(Duration.ofMillis(1));
          }
        },
        service);

    assertEquals(
        List.of("Connection closed by remote host", "Connection closed by remote host"), caught);
  }

  @Test
  void whatAClientHasSentBeforeItLeftIsReadAndTheRestIsInTheException() throws Exception {
    List<String> got = new ArrayList<>();
    serve(
        addr -> {
          got.add(untilEol());
          try {
            untilEol();
          } catch (ConnectionClosed e) {
            got.add(new String(e.buffer(), StandardCharsets.UTF_8));
            got.add(e.getMessage());
          }
          fire("told");
          try {
            send("to nobody");
          } catch (ConnectionClosed e) {
            got.add(e.getMessage());
          }
          try {
            untilEol();
          } catch (TerminateLoop e) {
            got.add("ended");
            throw e;
          }
        },
        client -> {
          client.send("whole\r\npartial-no-eol").end();
          assertEquals("", client.rest());
        });

    assertEquals(
        List.of(
            "whole\r\n",
            "partial-no-eol",
            "Connection closed by remote host",
            "Cannot complete TCP socket operation: associated connection is closed",
            "ended"),
        got);
  }

  @Test
  void aClientThatHasSaidAllGetsItsAnswers() throws Exception {
    serve(
        addr -> echo(new ArrayList<>()),
        client ->
            assertEquals(
                "You said: one\r\nYou said: two\r\n", client.send("one\r\ntwo\r\n").end().rest()));
  }

  @Test
  void aResetIsAConnectionThatIsClosed() throws Exception {
    List<String> got = new ArrayList<>();
    Service service =
        new Service(
            addr -> {
              try {
                untilEol();
              } catch (ConnectionClosed e) {
                got.add(e.getMessage());
              }
              fire("told");
            },
            0,
            "127.0.0.1");
    run(
        () -> {
          Loop told = Diesel.fork(() -> waitFor("told"));
          thread(
              () -> {
                connect(service).reset();
                return null;
              });
          while (told.deaths() == 0) {
            sleep(Duration.ofMillis(1));
          }
        },
        service);

    assertEquals(List.of("Connection closed by remote host"), got);
  }

  @Test
  void exactlySoManyBytesAreReceived() throws Exception {
    byte[] all = new byte[300_000];
    new Random(1).nextBytes(all);
    serve(
        addr -> {
          byte[] begin = receive(1);
          byte[] most = receive(299_998);
          send(receive(1));
          send(most);
          send(begin);
        },
        client -> {
          byte[] turned = client.send(all).read(all.length);

          assertEquals(all[all.length - 1], turned[0]);
          assertEquals(all[0], turned[all.length - 1]);
          assertArrayEquals(
              Arrays.copyOfRange(all, 1, all.length - 1),
              Arrays.copyOfRange(turned, 1, all.length - 1));
        });
  }

  @Test
  void aNumberOfBytesThatDoesNotComeIsGivenBack() throws Exception {
    List<byte[]> rest = new ArrayList<>();
    serve(
        addr -> rest.add(assertThrows(ConnectionClosed.class, () -> receive(5)).buffer()),
        client -> assertEquals("", client.send("abc").end().rest()));

    assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), rest.get(0));
  }

  @Test
  void whateverIsThereIsReceived() throws Exception {
    serve(
        addr -> {
          while (true) {
            send(receive());
          }
        },
        client -> {
          assertEquals("abc\n", client.send("abc\n").line());
          assertEquals("d\n", client.send("d\n").line());
        });
  }

  @Test
  void aTextUpToATextAndBytesUpToBytes() throws Exception {
    serve(
        addr -> {
          String text = until("END");
          byte[] bytes = until(new byte[] {0, 1});
          send(text + bytes.length + "\n");
        },
        client -> {
          client.send("grün E EN END");
          assertEquals("grün E EN END3\n", client.send(new byte[] {0, 0, 1}).line());
        });
  }

  @Test
  void whatIsMoreUrgentGoesFirst() throws Exception {
    serve(
        addr -> {
          send("5 ");
          send("1 ", 1);
          send("9 ", 9);
          send("5 again ");
          send("9 again ".getBytes(StandardCharsets.UTF_8), 9);
        },
        client -> assertEquals("9 9 again 5 5 again 1 ", client.rest()));
  }

  @Test
  void allThatWasSentLeavesBeforeTheConnectionIsClosed() throws Exception {
    byte[] piece = new byte[100_000];
    Arrays.fill(piece, (byte) 'x');
    serve(
        addr -> {
          for (int i = 0; i < 50; i++) {
            send(piece);
          }
        },
        client -> assertEquals(5_000_000, client.all().length));
  }

  @Test
  void theBytesAreTheSendersAgainAtOnce() throws Exception {
    serve(
        addr -> {
          byte[] mine = {'a', '\n'};
          send(mine);
          mine[0] = 'b';
          send(mine);
        },
        client -> assertEquals("a\nb\n", client.rest()));
  }

  @Test
  void aHandlerThatFailsIsLoggedAndItsConnectionClosedWhenAllIsSent() throws Exception {
    try (LogCapture log = new LogCapture()) {
      serve(
          addr -> {
            send("last words");
            throw new IllegalStateException("it fails");
          },
          client -> assertEquals("last words", client.rest()));

      log.await(Level.ERROR, "-- Unhandled Exception in local loop <StreamTest> --");
    }
  }

  @Test
  void theHandlerKnowsTheClientsAddress() throws Exception {
    serve(
        addr -> send(addr.getPort() + "\n"),
        client -> assertEquals(client.address().getPort() + "\n", client.line()));
  }

  @Test
  void aFirstIsEndedByALine() throws Exception {
    serve(
        addr -> {
          First any = new First().untilEol().sleep(Bounds.NEVER).waits("never");
          Fired fired = first(any);
          send(fired.token() + ": " + fired.value());
          fired = first(any);
          send(fired.token() + ": " + fired.value());
        },
        client -> {
          // the second is there before it is waited for
          client.send("one\r\ntwo\r\n");
          assertEquals("untilEol: one\r\n", client.line());
          assertEquals("untilEol: two\r\n", client.line());
        });
  }

  @Test
  void aFirstThatIsEndedByAnotherTakesNoInput() throws Exception {
    serve(
        addr -> {
          send("ready\n");
          Fired fired = first(new First().receive(4).sleep(Duration.ofMillis(5)));
          send(fired.token() + "\n");
          fired = first(new First().until("d").waits("never"));
          send(fired.value() + "\n");
        },
        client -> {
          assertEquals("ready\n", client.line());
          client.send("abc");
          assertEquals("sleep\n", client.line());
          client.send("d");
          assertEquals("abcd\n", client.line());
        });
  }

  @Test
  void aFirstIsToldThatTheClientHasLeft() throws Exception {
    List<String> got = new ArrayList<>();
    serve(
        addr -> {
          First any = new First().untilEol().waits("never");
          got.add(
              new String(
                  assertThrows(ConnectionClosed.class, () -> first(any)).buffer(),
                  StandardCharsets.UTF_8));
        },
        client -> assertEquals("", client.send("rest").end().rest()));

    assertEquals(List.of("rest"), got);
  }

  @Test
  void aLoopWithoutAConnectionCannotRead() throws Exception {
    run(
        () -> {
          String message = assertThrows(IllegalStateException.class, () -> untilEol()).getMessage();
          assertTrue(message.endsWith("it is no service's, and this is no client's call"), message);
          assertThrows(IllegalStateException.class, () -> send("x"));
          assertThrows(IllegalStateException.class, () -> first(new First().receiveAny()));
        });
  }

  @Test
  void aStreamHasNoDatagrams() throws Exception {
    serve(
        addr ->
            send(assertThrows(IllegalStateException.class, () -> Diesel.datagram()).getMessage()),
        client ->
            assertEquals(
                "a stream has no datagrams: use receive, until or untilEol", client.rest()));
  }

  @Test
  void aClientThatSendsMoreThanIsReadIsHeldUp() throws Exception {
    // more than the systems' buffers take, while nobody reads
    byte[] all = new byte[16 << 20];
    serve(
        addr -> {
          send("ready\n");
          sleep(Duration.ofMillis(20));
          int left = all.length;
          while (left > 0) {
            left -= receive().length;
            sleep();
          }
          send("all\n");
        },
        client -> {
          assertEquals("ready\n", client.line());
          assertEquals("all\n", client.send(all).line());
        });
  }

  @Test
  void aClientThatHasSaidMuchAndAllGetsItsAnswer() throws Exception {
    // less than the systems' buffers take, more than is read ahead
    byte[] all = new byte[300_000];
    serve(
        addr -> {
          // the client has ended its half, and the channel does not read, when this begins to
          sleep(Duration.ofMillis(20));
          int size = receive(1).length + receive(all.length - 2).length + receive(1).length;
          send("got " + size);
        },
        client -> assertEquals("got 300000", client.send(all).end().rest()));
  }

  @Test
  void aLoopThatComputesHoldsUpWhoSendsToOneThatWaits() throws Exception {
    byte[] all = new byte[8 << 20];
    int[] size = new int[1];
    serve(
        addr -> {
          Diesel.fork(
              () -> {
                // nobody stores what comes meanwhile
                long end = System.nanoTime() + 20_000_000;
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              });
          size[0] = receive(all.length).length;
          send("all\n");
        },
        client -> assertEquals("all\n", client.send(all).line()));

    assertEquals(all.length, size[0]);
  }

  /** Runs something while a system property has another value. */
  private static void with(String property, String value, LoopBody body) throws Exception {
    System.setProperty(property, value);
    try {
      body.run();
    } finally {
      System.clearProperty(property);
    }
  }

  @Test
  void aLoopThatSendsMuchWaitsAndLetsOthersRun() throws Exception {
    List<String> got = new ArrayList<>();
    byte[] piece = new byte[1000];
    with(
        "socketserver.diesel.maxPipeline",
        "3000",
        () ->
            serve(
                addr -> {
                  int[] sent = {0};
                  fork(() -> got.add("another's turn after " + sent[0]));
                  for (int i = 0; i < 5000; i++) {
                    send(piece);
                    sent[0]++;
                  }
                  got.add("sent " + sent[0]);
                },
                client -> assertEquals(5_000_000, client.all().length)));

    assertEquals(List.of("another's turn after 4", "sent 5000"), got);
  }

  @Test
  void aLoopThatWaitsToSendEndsWithItsConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    byte[] piece = new byte[100_000];
    serve(
        addr -> {
          try {
            while (true) {
              send(piece);
            }
          } catch (ConnectionClosed e) {
            closed.countDown();
            throw e;
          }
        },
        client -> {
          client.read(piece.length);
          client.reset();
          Eventually.opens("the loop is told", closed);
        });
  }

  @Test
  void aSentinelThatDoesNotComeUsesUpNoMemory() throws Exception {
    List<String> got = new ArrayList<>();
    with(
        "socketserver.diesel.maxUntil",
        "1000",
        () ->
            serve(
                addr -> {
                  ConnectionClosed closed = assertThrows(ConnectionClosed.class, () -> untilEol());
                  got.add(closed.getMessage().replaceAll("/[0-9.]+:[0-9]+", "N"));
                  got.add(closed.buffer().length > 1000 ? "the rest" : "too early");
                },
                client -> assertEquals("", client.send("x".repeat(1001)).rest())));

    assertEquals(
        List.of(
            "no sentinel within 1000 bytes from N: set -Dsocketserver.diesel.maxUntil if there"
                + " may be more",
            "the rest"),
        got);
  }

  @Test
  void aServiceRefusesAPortThatIsNone() {
    assertEquals(
        "port out of range: 70000",
        assertThrows(IllegalArgumentException.class, () -> new Service(addr -> {}, 70_000))
            .getMessage());
  }

  @Test
  void aHandlerIsToldOfItsService() {
    List<Service> told = new ArrayList<>();
    ConnectionHandler handler =
        new ConnectionHandler() {
          @Override
          public void handle(InetSocketAddress remoteAddr) {}

          @Override
          public void onServiceInit(Service service) {
            told.add(service);
          }
        };
    Service service = new Service(handler, 0);

    assertEquals(List.of(service), told);
    assertEquals("", service.iface());
    assertFalse(service.listening());
  }
}
