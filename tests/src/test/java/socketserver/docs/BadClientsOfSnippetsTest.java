package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.HandlerFactory;
import socketserver.ListenerSocket;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.WouldBlockException;
import socketserver.contract.Remains;
import socketserver.docs.given.Given;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** What a client does to a server of the documents harms no other client. */
@Timeout(120)
public class BadClientsOfSnippetsTest {
  /** Where the loop of the README listens; it completes it. */
  private static volatile CompletableFuture<InetSocketAddress> listening;

  @TempDir private Path classes;
  private final List<AutoCloseable> here = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : here) {
      each.close();
    }
    // the loop of the README is interrupted, and drops what it watched
    Remains.awaitDroppedAreClosed();
  }

  /** For the README's loop. */
  public static ListenerSocket listening(ListenerSocket listener) throws IOException {
    listening.complete((InetSocketAddress) listener.getsockname());
    return listener;
  }

  /** The class that a snippet is or stands in. */
  private Class<?> compiled(Block block, String text, String name) throws Exception {
    Block here = new Block(block.document(), block.line(), "java", block.surroundings(), text);
    assertEquals(List.of(), SnippetCompiler.compile(List.of(new SnippetSource(here, 0)), classes));
    URL[] path = {classes.toUri().toURL()};
    var loader = new URLClassLoader(path, BadClientsOfSnippetsTest.class.getClassLoader());
    this.here.add(loader);
    return loader.loadClass("snippet0." + name);
  }

  private static Block block(Path document, String part) throws IOException {
    return Documents.blocks(document).stream()
        .filter(block -> block.language().equals("java") && block.text().contains(part))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no snippet has " + part));
  }

  private TcpClient client(InetSocketAddress address) throws IOException {
    TcpClient client = TcpClient.to(address, 0);
    here.add(client);
    return client;
  }

  private void leaveInManyWays(InetSocketAddress address) throws IOException {
    client(address).reset();
    client(address).close();
    client(address).end();
    client(address).send("half a li").reset();
    client(address).send("half a li").close();
    client(address).send("half a li").end();
    client(address).send(new byte[] {0, -1, -128, 27, '\r', '\n', -17}).reset();
    // these stay
    client(address);
    client(address).send("half a li");
  }

  @Test
  void theLoopOfTheReadmeGoesOn() throws Exception {
    Block block = block(Documents.readme(), "new DefaultSelector()");
    String made = "ListenerSocket.createServer(address)";
    assertTrue(block.text().contains(made), block.text());
    String told = "socketserver.docs.BadClientsOfSnippetsTest.listening(" + made + ")";
    Class<?> type = compiled(block, block.text().replace(made, told), "Snippet");
    var snippet = type.getDeclaredMethod("snippet");
    snippet.setAccessible(true);
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object loop = constructor.newInstance();
    listening = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                snippet.invoke(loop);
              } catch (ReflectiveOperationException e) {
                // interrupted, or what the clients see
              }
            },
            "readme-loop");
    thread.start();
    try {
      InetSocketAddress address = Background.result(listening);
      for (int i = 0; i < 5; i++) {
        leaveInManyWays(address);
        neverRead(address);
        try (TcpClient good = TcpClient.to(address, 0)) {
          good.send("hello\n").end();
          assertEquals("hello\n", good.rest());
        }
      }
    } finally {
      thread.interrupt();
      Eventually.ends(thread);
    }
  }

  /** Sends until nobody takes more, and stays. */
  private void neverRead(InetSocketAddress address) throws IOException {
    StreamSocket client = StreamSocket.connect(address);
    here.add(client);
    client.setblocking(false);
    byte[] much = new byte[100_000];
    try {
      for (int sent = 0; sent < 16 << 20; ) {
        sent += client.send(much);
      }
    } catch (WouldBlockException e) {
      // as it should be
    }
  }

  @Test
  void theChatOfTheGuideGoesOn() throws Exception {
    Block block = block(Documents.porting(), "class ChatHandler");
    Constructor<?> constructor =
        compiled(block, block.text(), "ChatHandler").getDeclaredConstructor();
    constructor.setAccessible(true);
    HandlerFactory<StreamSocket> handlers =
        () -> {
          try {
            return (StreamRequestHandler) constructor.newInstance();
          } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
          }
        };
    ThreadingTCPServer server = new ThreadingTCPServer(Given.address, handlers);
    server.daemonThreads(true); // some of the clients stay
    try (var running = RunningServer.start(server)) {
      InetSocketAddress address = running.address();
      TcpClient speaks = client(address);
      TcpClient listens = client(address);
      for (TcpClient each : List.of(speaks, listens)) {
        each.send("here\n");
        hear(1, "here\n", each);
      }
      leaveInManyWays(address);
      // this one reads nothing
      here.add(TcpClient.to(address, 4096));
      String line = "x".repeat(8000) + "\n";
      for (int i = 0; i < 60; i++) {
        for (int k = 0; k < 50; k++) {
          speaks.send(line);
        }
        hear(50, line, speaks);
        hear(50, line, listens);
      }
    }
  }

  /** Waits for a line so many times; those who have left have said something, too. */
  private static void hear(int count, String line, TcpClient client) throws IOException {
    for (int heard = 0; heard < count; ) {
      String next = client.line();
      assertTrue(next.endsWith("\n"), "hung up after " + next);
      heard += next.endsWith(line) ? 1 : 0;
    }
  }
}
