package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The voice menu's client, typed at through its standard input. */
@Timeout(180)
class VoiceMenuClientTest {
  private static final String PROMPT = "please input message:";

  /** Against a plain socket, which decides what has arrived when the client reads. */
  @Test
  void printsWhatHasArrivedAfterEachLine() throws Exception {
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      listener.setSoTimeout((int) Output.LIMIT.toMillis());
      String port = String.valueOf(listener.getLocalPort());
      try (var client = Program.java(VoiceMenuClient.class, port, "127.0.0.1");
          var menu = new Peer(listener.accept())) {
        menu.send(VoiceMenuTest.WELCOME);
        assertEquals(PROMPT, client.output.until(PROMPT));
        client.type("  0  ");
        assertEquals("0", menu.readLike("0"));
        assertEquals(VoiceMenuTest.WELCOME + "\n", client.output.until("\n"));
        menu.send(VoiceMenuTest.ANNOUNCEMENT);
        assertEquals(PROMPT, client.output.until(PROMPT));
        client.type("");
        assertEquals(PROMPT, client.output.until(PROMPT));
        client.type("转人工");
        assertEquals("转人工", menu.readLike("转人工"));
        assertEquals(VoiceMenuTest.ANNOUNCEMENT + "\n", client.output.until("\n"));
        assertEquals(PROMPT, client.output.until(PROMPT));
        client.type("exit");
        assertEquals("exit", menu.readLike("exit"));
        menu.send(VoiceMenuTest.AGAIN);
        menu.endOutput();
        assertEquals(VoiceMenuTest.AGAIN + "\n", client.output.rest());
        assertEquals(0, client.status());
      }
    }
  }

  @Test
  void endsWithItsInput() throws Exception {
    try (var server = new Serving(VoiceMenu.server(Serving.anyPort()));
        var client =
            Program.java(VoiceMenuClient.class, String.valueOf(server.port()), "127.0.0.1")) {
      client.endInput();
      assertEquals(PROMPT, client.output.rest());
      assertEquals(0, client.status());
    }
  }

  @Test
  void endsWhenTheMenuHangsUp() throws Exception {
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      listener.setSoTimeout((int) Output.LIMIT.toMillis());
      String port = String.valueOf(listener.getLocalPort());
      try (var client = Program.java(VoiceMenuClient.class, port, "127.0.0.1");
          var menu = new Peer(listener.accept())) {
        client.type("1");
        assertEquals("1", menu.readLike("1"));
        menu.endOutput();
        assertEquals(PROMPT, client.output.rest());
        assertEquals(0, client.status());
      }
    }
  }

  @Test
  void callsOurMenu() throws Exception {
    try (var menu = Program.java(VoiceMenu.class, "0");
        var call = new RelayedCall(menu);
        var client = Program.java(VoiceMenuClient.class, call.port(), "127.0.0.1")) {
      call.talk(client);
      assertEquals(VoiceMenuTest.ANNOUNCEMENT + "\n", client.output.rest());
      assertEquals(0, client.status());
    }
  }

  @Test
  void callsThePythonMenu() throws Exception {
    try (var menu = Program.python("voice_menu.py", "0");
        var call = new RelayedCall(menu);
        var client = Program.java(VoiceMenuClient.class, call.port(), "127.0.0.1")) {
      call.talk(client);
      assertEquals(VoiceMenuTest.ANNOUNCEMENT + "\n", client.output.rest());
      assertEquals(0, client.status());
    }
  }

  @Test
  void thePythonClientCallsOurMenu() throws Exception {
    try (var menu = Program.java(VoiceMenu.class, "0");
        var call = new RelayedCall(menu);
        var python = Program.python("voice_menu_client.py", call.port())) {
      call.talk(python);
      // it would go on asking: the end of the test ends it
      assertEquals(VoiceMenuTest.ANNOUNCEMENT + "\n", python.output.until("\n"));
    }
  }

  /**
   * A call that goes through this test. Nothing in the protocol keeps two words or two answers
   * apart that arrive together, so each is passed on when the one before it was taken.
   */
  private static final class RelayedCall implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket();
    private final Peer menu;

    RelayedCall(Program server) throws IOException {
      listener.bind(Serving.anyPort());
      listener.setSoTimeout((int) Output.LIMIT.toMillis());
      menu = new Peer(server.port());
    }

    String port() {
      return String.valueOf(listener.getLocalPort());
    }

    /** Types a wrong word, the announcement's and the last one, and passes on what is said. */
    void talk(Program client) throws IOException {
      try (var caller = new Peer(listener.accept())) {
        assertEquals(VoiceMenuTest.WELCOME, menu.readLike(VoiceMenuTest.WELCOME));
        caller.send(VoiceMenuTest.WELCOME);
        String printed = VoiceMenuTest.WELCOME;
        for (String word : new String[] {"1", "0"}) {
          String answer = word.equals("0") ? VoiceMenuTest.ANNOUNCEMENT : VoiceMenuTest.AGAIN;
          say(word, client, caller);
          assertEquals(answer, menu.readLike(answer));
          assertEquals(printed + "\n", client.output.until("\n"));
          caller.send(answer);
          printed = answer;
        }
        say("exit", client, caller);
        assertEquals("", menu.readToEnd());
      }
    }

    private void say(String word, Program client, Peer caller) throws IOException {
      assertEquals(PROMPT, client.output.until(PROMPT));
      client.type(word);
      assertEquals(word, caller.readLike(word));
      menu.send(word);
    }

    @Override
    public void close() throws IOException {
      menu.close();
      listener.close();
    }
  }
}
