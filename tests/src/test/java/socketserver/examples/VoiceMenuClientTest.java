package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        var client =
            Program.java(VoiceMenuClient.class, String.valueOf(menu.port()), "127.0.0.1")) {
      assertEquals(
          VoiceMenuTest.WELCOME + VoiceMenuTest.AGAIN + VoiceMenuTest.ANNOUNCEMENT,
          conversation(client));
      assertEquals(0, client.status());
    }
  }

  @Test
  void callsThePythonMenu() throws Exception {
    try (var menu = Program.python("voice_menu.py", "0");
        var client =
            Program.java(VoiceMenuClient.class, String.valueOf(menu.port()), "127.0.0.1")) {
      assertEquals(
          VoiceMenuTest.WELCOME + VoiceMenuTest.AGAIN + VoiceMenuTest.ANNOUNCEMENT,
          conversation(client));
      assertEquals(0, client.status());
    }
  }

  @Test
  void thePythonClientCallsOurMenu() throws Exception {
    try (var menu = Program.java(VoiceMenu.class, "0");
        var python = Program.python("voice_menu_client.py", String.valueOf(menu.port()))) {
      // it never ends by itself, so the third answer is read before it is closed
      String seen = "";
      for (String typed : new String[] {"1", "0", "exit"}) {
        seen += python.output.until(PROMPT);
        python.type(typed);
        seen += python.output.until("\n");
      }
      String expected = VoiceMenuTest.WELCOME + VoiceMenuTest.AGAIN + VoiceMenuTest.ANNOUNCEMENT;
      assertEquals(expected, seen.replace(PROMPT, "").replace("\n", ""));
    }
  }

  /**
   * Types a wrong word, the announcement's and the last one. Which answers have arrived when the
   * client reads is left to the system, so they are joined.
   */
  private static String conversation(Program client) throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String typed : new String[] {"1", "0", "exit"}) {
      seen.append(client.output.until(PROMPT));
      client.type(typed);
    }
    seen.append(client.output.rest());
    return seen.toString().replace(PROMPT, "").replace("\n", "");
  }
}
