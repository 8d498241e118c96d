package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.Processes;

/** The chat as programs, against the transcript: servers and clients, here and in Python. */
@Timeout(180)
class ChatTest {
  private static Program java(String name, String port) throws IOException {
    return Program.java(Chat.class, "--name=" + name, "--port=" + port);
  }

  private static Program python(String name, String port, String... more) throws IOException {
    String[] args = new String[2 + more.length];
    args[0] = "--name=" + name;
    args[1] = "--port=" + port;
    System.arraycopy(more, 0, args, 2, more.length);
    return Program.python("chat.py", args);
  }

  private static String port(Program server) {
    String line = server.output.until("\n");
    assertTrue(line.matches("Server listening to port: [1-9][0-9]* \\.\\.\\.\n"), line);
    return line.split(" ")[4];
  }

  private static String connection(Program server) {
    String line = server.output.until("\n");
    assertTrue(
        line.matches("Chat server: got connection [0-9]+ from \\('127\\.0\\.0\\.1', [0-9]+\\)\n"),
        line);
    return line.split(" ")[4];
  }

  private static void assertConnects(Program client, String name, String port) {
    assertEquals(
        "Now connected to chat server@ port " + port + "\n" + prompt(name),
        client.output.until("> "));
  }

  private static String prompt(String name) {
    return "[" + name + "@127.0.0.1]> ";
  }

  /** The conversation of the transcript, alice being there; all that is printed is compared. */
  private static void bobJoins(Program server, Program alice, Program bob, String port)
      throws IOException {
    assertConnects(bob, "bob", port);
    String number = connection(server);
    assertEquals(
        "\n(Connected: New client (2) from bob@127.0.0.1)\n" + prompt("alice"),
        alice.output.until("> "));
    bob.type("hi from B");
    assertEquals(prompt("bob"), bob.output.until("> "));
    assertEquals("\n#[bob@127.0.0.1]>>hi from B\n" + prompt("alice"), alice.output.until("]> "));
    bob.type("  ");
    assertEquals(prompt("bob"), bob.output.until("> "));
    String text = "欢迎 ".repeat(1000).strip();
    alice.type(text);
    assertEquals(prompt("alice"), alice.output.until("> "));
    assertEquals("\n#[alice@127.0.0.1]>>" + text + "\n" + prompt("bob"), bob.output.until("]> "));
    bob.endInput();
    assertEquals("", bob.output.rest());
    assertEquals(0, bob.status());
    assertEquals("Chat server: " + number + " hung up\n", server.output.until("\n"));
    assertEquals(
        "\n(Now hung up: Client from bob@127.0.0.1)\n" + prompt("alice"),
        alice.output.until("]> "));
    server.type("");
    assertEquals("", server.output.rest());
    assertEquals(0, server.status());
    assertEquals("Client shutting down.\n", alice.output.rest());
    assertEquals(0, alice.status());
    assertEquals("", server.errors.rest() + alice.errors.rest() + bob.errors.rest());
  }

  @Test
  void twoClientsAndAServerTalk() throws Exception {
    try (var server = java("server", "0")) {
      String port = port(server);
      try (var alice = java("alice", port)) {
        assertConnects(alice, "alice", port);
        connection(server);
        try (var bob = java("bob", port)) {
          bobJoins(server, alice, bob, port);
        }
      }
    }
  }

  @Test
  void thePythonClientsTalkOnOurServer() throws Exception {
    try (var server = java("server", "0")) {
      String port = port(server);
      try (var alice = python("alice", port)) {
        assertConnects(alice, "alice", port);
        connection(server);
        try (var bob = python("bob", port, "--protocol=0")) {
          bobJoins(server, alice, bob, port);
        }
      }
    }
  }

  @Test
  void ourClientTalksWithThePythonClientOnThePythonServer() throws Exception {
    try (var server = python("server", "0")) {
      String port = port(server);
      try (var alice = java("alice", port)) {
        assertConnects(alice, "alice", port);
        connection(server);
        try (var bob = python("bob", port, "--protocol=2")) {
          bobJoins(server, alice, bob, port);
        }
      }
    }
  }

  @Test
  void ourClientsTalkOnThePythonServerThatSpeaksProtocolZero() throws Exception {
    try (var server = python("server", "0", "--protocol=0")) {
      String port = port(server);
      try (var alice = java("alice", port)) {
        assertConnects(alice, "alice", port);
        connection(server);
        try (var bob = java("bob", port)) {
          bobJoins(server, alice, bob, port);
        }
      }
    }
  }

  @Test
  void linesThatAreTypedTogetherAreMessagesOfTheirOwn() throws Exception {
    try (var server = java("server", "0")) {
      String port = port(server);
      try (var alice = java("alice", port)) {
        assertConnects(alice, "alice", port);
        try (var bob = java("bob", port)) {
          bob.type("one\ntwo\nthree");
          bob.endInput();
          String heard = alice.output.until("(Now hung up: Client from bob@127.0.0.1)");
          assertEquals(
              "\n(Connected: New client (2) from bob@127.0.0.1)\n"
                  + prompt("alice")
                  + "\n#[bob@127.0.0.1]>>one\n"
                  + prompt("alice")
                  + "\n#[bob@127.0.0.1]>>two\n"
                  + prompt("alice")
                  + "\n#[bob@127.0.0.1]>>three\n"
                  + prompt("alice")
                  + "\n(Now hung up: Client from bob@127.0.0.1)",
              heard);
          assertEquals(0, bob.status());
        }
      }
    }
  }

  @Test
  void theServerSaysThatItIsInterrupted() throws Exception {
    try (var server = java("server", "0")) {
      String port = port(server);
      try (var alice = java("alice", port)) {
        assertConnects(alice, "alice", port);
        connection(server);
        // not by Process.destroy, which stops reading what it prints
        Processes.signal("TERM", server.pid());
        assertEquals("Shutting down server...\n", server.output.rest());
        assertEquals(143, server.status());
        assertEquals("Client shutting down.\n", alice.output.rest());
        assertEquals(0, alice.status());
      }
    }
  }

  @Test
  void theClientSaysThatThereIsNoServer() throws Exception {
    String port;
    try (var taken = new ServerSocket()) {
      taken.bind(Serving.anyPort());
      port = String.valueOf(taken.getLocalPort());
    }
    try (var client = java("alice", port)) {
      assertEquals(1, client.status());
      assertEquals("Failed to connect to chat server @ port " + port + "\n", client.output.rest());
      String reason = client.errors.rest();
      assertTrue(reason.startsWith("error: "), reason);
      assertEquals(1, reason.lines().count(), reason);
    }
  }

  @Test
  void theClientLoadsNothingThatTheServerSends() throws Exception {
    byte[] pickle = "cos\nsystem\n(S'true'\ntR.".getBytes();
    ByteBuffer message =
        ByteBuffer.allocate(8 + pickle.length).putInt(pickle.length).putInt(0).put(pickle);
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      listener.setSoTimeout((int) Output.LIMIT.toMillis());
      try (var client = java("alice", String.valueOf(listener.getLocalPort()));
          var server = new Peer(listener.accept())) {
        server.send(message.array());
        assertEquals(1, client.status());
        assertEquals(
            "error: pickle is not of one string: expected a string at byte 0, got opcode 0x63\n",
            client.errors.rest());
      }
    }
  }

  @Test
  void whatTheOthersSayMovesNoCursor() throws Exception {
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      listener.setSoTimeout((int) Output.LIMIT.toMillis());
      try (var client = java("alice", String.valueOf(listener.getLocalPort()));
          var server = new Peer(listener.accept())) {
        server.send(ChatConnection.message("CLIENT: 127.0.0.1"));
        server.send(ChatConnection.message("\n#[bob@127.0.0.1]>>\u001b[2J\rhello"));
        client.output.until("\n#[bob@127.0.0.1]>>\\x1b[2J\\rhello\n");
      }
    }
  }

  @Test
  void theNameIsRequired() throws Exception {
    try (var chat = Program.java(Chat.class, "--port=0")) {
      assertEquals(2, chat.status());
      assertTrue(
          chat.errors.rest().startsWith("error: --name is missing\nusage: Chat --name=NAME"));
    }
  }
}
