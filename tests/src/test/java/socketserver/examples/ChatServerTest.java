package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.fixture.Background;

/** The server of the chat, in this process, with clients made of plain Java sockets. */
@Timeout(120)
class ChatServerTest {
  private final Output out = new Output();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private ChatServer server;
  private Peer typist;
  private CompletableFuture<Boolean> ended;

  @BeforeEach
  void start() throws Exception {
    start(Duration.ofHours(1));
  }

  /** A connection is its standard input. */
  private void start(Duration toJoin) throws Exception {
    StreamSocket typed;
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      typed = StreamSocket.connect(listener.getLocalSocketAddress());
      opened.add(typed);
      typist = new Peer(listener.accept());
      opened.add(typist);
    }
    SocketReader stdin = typed.makefileReader(-1);
    opened.add(stdin);
    server = new ChatServer(Serving.anyPort(), stdin, out.stream(), toJoin);
    String started = "Server listening to port: " + server.port() + " ...\n";
    assertTrue(out.text().endsWith(started), out.text());
    out.until(" ...\n");
    ended =
        Background.ask(
            "chat server",
            () -> {
              try (var running = server) {
                running.run();
                return true;
              }
            });
  }

  @AfterEach
  void endByALine() throws Exception {
    try {
      if (!ended.isDone()) {
        typist.send("\n");
      }
      assertTrue(Background.result(ended));
    } finally {
      for (AutoCloseable each : opened) {
        each.close();
      }
    }
  }

  @Test
  void oneWhoSaysNoNameIsHungUpOnAfterAWhile() throws Exception {
    typist.send("\n");
    assertTrue(Background.result(ended));
    start(Duration.ofMillis(1));
    Talker silent = new Talker();
    String number = connection(silent);
    assertEquals(
        "Chat server: " + number + ": said nothing for too long\n", hungUp(number, silent));
  }

  /** One who talks as the original's client does. */
  private final class Talker implements AutoCloseable {
    final Peer peer;

    Talker() throws IOException {
      peer = new Peer(server.port());
      opened.add(this);
    }

    void say(String text) throws IOException {
      peer.send(ChatConnection.message(text));
    }

    String hear() throws IOException {
      ByteBuffer header = ByteBuffer.wrap(peer.readBytes(8));
      byte[] pickle = peer.readBytes(header.getInt());
      assertEquals(0, header.getInt());
      return Pickle.loads(pickle);
    }

    @Override
    public void close() throws IOException {
      peer.close();
    }
  }

  /** Connects, and returns the descriptor that the server has for it. */
  private String connection(Talker talker) {
    String line = out.until("\n");
    String port = talker.peer.address().replaceFirst(".*:", "");
    assertTrue(
        line.matches(
            "Chat server: got connection [0-9]+ from \\('127\\.0\\.0\\.1', " + port + "\\)\n"),
        line);
    return line.split(" ")[4];
  }

  private Talker join(String name) throws IOException {
    Talker talker = new Talker();
    connection(talker);
    talker.say("NAME: " + name);
    assertEquals("CLIENT: 127.0.0.1", talker.hear());
    return talker;
  }

  /** Whoever it was, the others go on. */
  private void assertTalks() throws IOException {
    Talker one = join("one");
    Talker two = join("two");
    assertTrue(one.hear().endsWith("from two@127.0.0.1)"));
    two.say("still there?");
    assertEquals("\n#[two@127.0.0.1]>>still there?", one.hear());
  }

  private String hungUp(String number, Talker talker) throws IOException {
    assertEquals("", talker.peer.readToEnd());
    String complaint = out.until("Chat server: " + number + " hung up\n");
    return complaint.substring(0, complaint.indexOf("\n") + 1);
  }

  @Test
  void handsWhatOneSaysToTheOthers() throws Exception {
    Talker alice = join("alice");
    Talker bob = join("bob");
    assertEquals("\n(Connected: New client (2) from bob@127.0.0.1)", alice.hear());
    Talker carol = join("carol");
    assertEquals("\n(Connected: New client (3) from carol@127.0.0.1)", alice.hear());
    assertEquals("\n(Connected: New client (3) from carol@127.0.0.1)", bob.hear());
    bob.say("hi from B");
    assertEquals("\n#[bob@127.0.0.1]>>hi from B", alice.hear());
    assertEquals("\n#[bob@127.0.0.1]>>hi from B", carol.hear());
    bob.close();
    assertEquals("\n(Now hung up: Client from bob@127.0.0.1)", alice.hear());
    assertEquals("\n(Now hung up: Client from bob@127.0.0.1)", carol.hear());
    alice.say("欢迎");
    assertEquals("\n#[alice@127.0.0.1]>>欢迎", carol.hear());
  }

  @Test
  void speaksTheBytesOfTheOriginal() throws Exception {
    Talker raw = new Talker();
    raw.peer.send(
        HexFormat.of()
            .parseHex(
                "000000160000000028564e414d453a20616c6963650a70300a7470310a2e")); // protocol 0
    assertEquals(
        "0000002200000000"
            + "80049517000000000000008c11"
            + HexFormat.of().formatHex("CLIENT: 127.0.0.1".getBytes())
            + "9485942e",
        HexFormat.of().formatHex(raw.peer.readBytes(8 + 34)));
  }

  @Test
  void aMessageMayComeInPiecesAndSeveralAtOnce() throws Exception {
    Talker alice = join("alice");
    Talker bob = join("bob");
    alice.hear();
    byte[] message = ChatConnection.message("in pieces");
    for (byte b : message) {
      bob.peer.send(new byte[] {b});
    }
    assertEquals("\n#[bob@127.0.0.1]>>in pieces", alice.hear());
    ByteBuffer three = ByteBuffer.allocate(3 * message.length - 1);
    three.put(message).put(message).put(message, 0, message.length - 1);
    bob.peer.send(three.array());
    assertEquals("\n#[bob@127.0.0.1]>>in pieces", alice.hear());
    assertEquals("\n#[bob@127.0.0.1]>>in pieces", alice.hear());
    bob.peer.send(new byte[] {message[message.length - 1]});
    assertEquals("\n#[bob@127.0.0.1]>>in pieces", alice.hear());
  }

  @Test
  void aMessageMayBeLongerThanWhatArrivesAtATime() throws Exception {
    Talker alice = join("alice");
    Talker bob = join("bob");
    alice.hear();
    String text = "long ".repeat(13_000);
    bob.say(text);
    assertEquals("\n#[bob@127.0.0.1]>>" + text, alice.hear());
  }

  @Test
  void aNameMayComeLaterThanThatOfOthers() throws Exception {
    Talker silent = new Talker();
    connection(silent);
    assertTalks();
    silent.say("NAME: silent");
    assertEquals("CLIENT: 127.0.0.1", silent.hear());
  }

  @Test
  void oneWhoLeavesWithoutANameIsNotTalkedOf() throws Exception {
    Talker alice = join("alice");
    Talker silent = new Talker();
    String number = connection(silent);
    silent.close();
    assertEquals("Chat server: " + number + " hung up\n", out.until("\n"));
    join("bob");
    assertEquals("\n(Connected: New client (2) from bob@127.0.0.1)", alice.hear());
  }

  @Test
  void anEmptyMessageHangsUp() throws Exception {
    Talker alice = join("alice");
    Talker bob = new Talker();
    String number = connection(bob);
    bob.say("NAME: bob");
    bob.hear();
    alice.hear();
    bob.say("");
    assertEquals("Chat server: " + number + " hung up\n", hungUp(number, bob));
    assertEquals("\n(Now hung up: Client from bob@127.0.0.1)", alice.hear());
  }

  @Test
  void hangsUpOnOneWhoSaysNoName() throws Exception {
    Talker talker = new Talker();
    String number = connection(talker);
    talker.say("hello");
    assertEquals(
        "Chat server: " + number + ": said no name of at most 64 characters\n",
        hungUp(number, talker));
    Talker longName = new Talker();
    number = connection(longName);
    longName.say("NAME: " + "x".repeat(65));
    assertEquals(
        "Chat server: " + number + ": said no name of at most 64 characters\n",
        hungUp(number, longName));
    assertTalks();
  }

  @Test
  void hangsUpOnAHeaderThatAnnouncesTooMuch() throws Exception {
    Talker talker = new Talker();
    String number = connection(talker);
    talker.peer.send(ByteBuffer.allocate(8).putInt(-1).array());
    assertEquals(
        "Chat server: " + number + ": message too long: 4294967295 bytes, 65536 allowed\n",
        hungUp(number, talker));
    assertTalks();
  }

  @Test
  void hangsUpOnWhatIsNoHeader() throws Exception {
    Talker talker = new Talker();
    String number = connection(talker);
    talker.peer.send("GET / HT");
    assertEquals(
        "Chat server: " + number + ": not a header: 0x474554202f204854\n", hungUp(number, talker));
    assertTalks();
  }

  @Test
  void hangsUpOnAPickleThatIsNotAStringsAndLoadsNothingOfIt() throws Exception {
    Talker alice = join("alice");
    Talker talker = new Talker();
    String number = connection(talker);
    talker.say("NAME: mallory");
    talker.hear();
    alice.hear();
    byte[] pickle = "cos\nsystem\n(S'true'\ntR.".getBytes();
    talker.say("before it");
    talker.peer.send(
        ByteBuffer.allocate(8 + pickle.length).putInt(pickle.length).putInt(0).put(pickle).array());
    assertEquals("\n#[mallory@127.0.0.1]>>before it", alice.hear());
    assertEquals("\n(Now hung up: Client from mallory@127.0.0.1)", alice.hear());
    assertEquals(
        "Chat server: "
            + number
            + ": pickle is not of one string: expected a string at byte 0, got opcode 0x63\n",
        hungUp(number, talker));
    assertTalks();
  }

  /** What waits for it is bounded, and the others are served all the while. */
  @Test
  void hangsUpOnOneWhoDoesNotReadAndServesTheOthersMeanwhile() throws Exception {
    Talker slow = new Talker();
    String number = connection(slow);
    slow.say("NAME: slow");
    slow.hear();
    Talker alice = join("alice");
    Talker bob = join("bob");
    alice.hear();
    String text = "x".repeat(60_000);
    String message = "\n#[bob@127.0.0.1]>>" + text;
    // what the system keeps for a connection is some megabytes at the most
    int left = (64 << 20) / text.length();
    String heard = message;
    while (heard.equals(message) && left-- > 0) {
      bob.say(text);
      heard = alice.hear();
    }
    assertTrue(left > 0, "nobody was hung up on");
    // it came right after the message that was too much
    assertEquals("\n(Now hung up: Client from slow@127.0.0.1)", heard);
    assertTrue(message.equals(alice.hear()));
    String told = out.until(" hung up\n");
    assertTrue(told.startsWith("Chat server: " + number + ": does not read: "), told);
    assertTrue(told.endsWith("Chat server: " + number + " hung up\n"), told);
    assertTalksWith(alice, bob);
  }

  private static void assertTalksWith(Talker one, Talker other) throws IOException {
    other.say("still there?");
    assertEquals("\n#[bob@127.0.0.1]>>still there?", one.hear());
  }

  /** One who is slow for a while gets all of it: what waits is sent when there is room. */
  @Test
  void oneWhoReadsLateGetsEverythingInOrder() throws Exception {
    Talker late = join("late");
    Talker bob = join("bob");
    late.hear();
    String text = "y".repeat(50_000);
    for (int i = 0; i < 16; i++) {
      bob.say(i + text);
    }
    bob.say("last");
    for (int i = 0; i < 16; i++) {
      assertEquals("\n#[bob@127.0.0.1]>>" + i + text, late.hear());
    }
    assertEquals("\n#[bob@127.0.0.1]>>last", late.hear());
  }

  @Test
  void halfALineOfTheStandardInputKeepsNobodyWaiting() throws Exception {
    typist.send("half");
    assertTalks();
  }

  @Test
  void endsWithItsStandardInput() throws Exception {
    Talker alice = join("alice");
    typist.endOutput();
    assertTrue(Background.result(ended));
    assertArrayEquals(new byte[0], alice.peer.bytesToEnd());
  }

  @Test
  void moreClientsThanItTakesWaitUntilOneLeaves() throws Exception {
    List<Talker> all = new ArrayList<>();
    for (int i = 0; i < ChatServer.MOST_CLIENTS; i++) {
      all.add(new Talker());
      connection(all.get(i));
    }
    Talker waiting = new Talker();
    waiting.say("NAME: waiting");
    all.get(0).close();
    out.until(" hung up\n");
    connection(waiting);
    assertEquals("CLIENT: 127.0.0.1", waiting.hear());
  }
}
