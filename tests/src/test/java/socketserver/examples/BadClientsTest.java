package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client does to an example harms no other client. */
@Timeout(120)
class BadClientsTest {
  /** Enough to fill every buffer between a client and a server. */
  private static final int MUCH = 16 << 20;

  /** The second meets what the first has left. */
  private static final int ROUNDS = 2;

  private final List<AutoCloseable> here = new ArrayList<>();

  /** The examples that serve streams over TCP, what a client asks, and what it is answered. */
  enum Example {
    SYNC_GREETING(SyncGreeting.class, "", "Thank you for connecting", "0", "127.0.0.1"),
    GREETING(Greeting.class, "", "Thank you for connecting", "0", "127.0.0.1"),
    TIME(TimeServer.class, "hello\n", "(?s)\\[.*\\] hello\n", "0", "127.0.0.1"),
    VOICE_MENU(VoiceMenu.class, "exit", VoiceMenuTest.WELCOME, "0"),
    SIMPLIFIED(SimplifiedServer.class, "exit", VoiceMenuTest.WELCOME, "0"),
    EPOLL_WEB(EpollWebServer.class, "GET / HTTP/1.1\r\n\r\n", "(?s)HTTP/1.1 200 OK.*", "--port=0"),
    REDIS(RedisServer.class, "PING\r\nQUIT\r\n", "\\+PONG\r\n\\+OK\r\n", "0"),
    DIESEL_ECHO(DieselEcho.class, "hello\r\n", "You said: hello\r\n", "--port=0");

    final Class<?> main;
    final String request;
    final String answer;
    final String[] args;

    Example(Class<?> main, String request, String answer, String... args) {
      this.main = main;
      this.request = request;
      this.answer = answer;
      this.args = args;
    }
  }

  /** What a bad client does. */
  private interface Misdeed {
    void commit(SocketChannel client) throws IOException;
  }

  /** A client that stays after its test has gone. */
  private SocketChannel client(int port) throws IOException {
    SocketChannel client =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    here.add(client);
    return client;
  }

  private static SocketChannel write(SocketChannel client, byte[] data) throws IOException {
    client.write(ByteBuffer.wrap(data));
    return client;
  }

  private static void reset(SocketChannel client) throws IOException {
    client.socket().setSoLinger(true, 0);
    client.close();
  }

  /**
   * Has a good client served after each bad one, so that no more connections wait than a server has
   * places for in its queue: the system would make the next wait for a second.
   */
  private void misbehave(Example example, int port) throws IOException {
    byte[] request = example.request.getBytes(StandardCharsets.UTF_8);
    byte[] half = Arrays.copyOf(request, request.length / 2);
    byte[] noise = new byte[100_000];
    new Random(7).nextBytes(noise);
    byte[] requests = example.request.repeat(10_000).getBytes(StandardCharsets.UTF_8);

    List<Misdeed> misdeeds =
        List.of(
            client -> reset(client),
            client -> reset(write(client, half)),
            client -> reset(write(client, request)),
            client -> client.close(),
            client -> write(client, half).close(),
            client -> client.shutdownOutput(),
            client -> write(client, half).shutdownOutput(),
            client -> writeMuch(client, noise, noise.length),
            // these stay
            client -> {},
            client -> write(client, half),
            client -> writeMuch(client, requests, requests.length == 0 ? 0 : MUCH));
    for (Misdeed misdeed : misdeeds) {
      misdeed.commit(client(port));
      assertServed(example, port);
    }
  }

  private static void assertServed(Example example, int port) throws IOException {
    try (Peer good = new Peer(port)) {
      good.send(example.request);
      good.endOutput();
      String answer = good.readToEnd();
      assertTrue(answer.matches(example.answer), answer);
    }
  }

  /** Writes something again and again, until it is so much or nobody takes more. */
  private static void writeMuch(SocketChannel client, byte[] data, int count) throws IOException {
    client.configureBlocking(false);
    try {
      int written = 1;
      for (int sum = 0; sum < count && written > 0; sum += written) {
        written = client.write(ByteBuffer.wrap(data));
      }
    } catch (IOException e) {
      // the server has hung up
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBadClientHarmsNoOther(Example example) throws Exception {
    try (Program program = Program.java(example.main, example.args)) {
      int port = program.port();
      for (int i = 0; i < ROUNDS; i++) {
        misbehave(example, port);
      }
    } finally {
      for (AutoCloseable each : here) {
        each.close();
      }
    }
  }
}
