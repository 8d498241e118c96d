package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.docs.given.Given;
import socketserver.docs.given.Handler;

/** The server classes that the documents show serve. */
class DocumentedServersTest {
  private static final int LIMIT_MILLIS = 30_000;

  /**
   * What a client that sends a line gets, as a pattern, by the class; it gets its line back from
   * the others.
   */
  private static final Map<String, String> OTHER_ANSWERS =
      Map.of(
          "CountingServer", "you are number 1\n",
          "TicketServer", "you are number 1\n",
          "PidServer", "\\d+: hello\n",
          "Guarded", "",
          "Wrong", "",
          "Right", "");

  @TempDir static Path folder;
  private static URLClassLoader loader;
  private static final List<Class<? extends TCPServer>> SERVERS = new ArrayList<>();

  @BeforeAll
  static void compileTheDocuments() throws Exception {
    List<SnippetSource> sources = new ArrayList<>();
    for (Block block : Documents.blocks("java")) {
      sources.add(new SnippetSource(block, sources.size()));
    }
    assertEquals(List.of(), SnippetCompiler.compile(sources, folder));
    loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, DocumentedServersTest.class.getClassLoader());
    try (Stream<Path> files = java.nio.file.Files.walk(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".class")).sorted().toList()) {
        String name = folder.relativize(file).toString().replace('/', '.').replace('\\', '.');
        Class<?> type = loader.loadClass(name.substring(0, name.length() - ".class".length()));
        if (TCPServer.class.isAssignableFrom(type) && type.getEnclosingClass() == null) {
          SERVERS.add(type.asSubclass(TCPServer.class));
        }
      }
    }
  }

  @AfterAll
  static void unload() throws IOException {
    loader.close();
  }

  @TestFactory
  Stream<DynamicTest> everyServerClassOfTheDocumentsServes() {
    assertTrue(SERVERS.size() > 10, "servers: " + SERVERS);
    return SERVERS.stream().map(type -> dynamicTest(type.getName(), () -> serves(type)));
  }

  private static void serves(Class<? extends TCPServer> type) throws Exception {
    TCPServer server = make(type);
    Thread thread = new Thread(server::serveForever, "documented-server");
    try {
      thread.start();
      String got = exchange(server, "hello\n");
      assertTrue(got.matches(answer(type)), got);
    } finally {
      server.close();
      thread.join(LIMIT_MILLIS);
    }
    assertFalse(thread.isAlive(), "serveForever goes on after the server is closed");
  }

  private static String answer(Class<?> type) throws IOException {
    if (type.getSimpleName().equals("Snippet")) {
      // of the snippets that are only members of a server one refuses all but a network of its own
      boolean refuses =
          Stream.of(type.getDeclaredMethods()).anyMatch(m -> m.getName().equals("verifyRequest"));
      return refuses ? "" : "hello\n";
    }
    return OTHER_ANSWERS.getOrDefault(type.getSimpleName(), "hello\n");
  }

  private static TCPServer make(Class<? extends TCPServer> type) throws Exception {
    HandlerFactory<StreamSocket> handler = Handler::new;
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      constructor.setAccessible(true);
      List<Class<?>> parameters = List.of(constructor.getParameterTypes());
      if (parameters.isEmpty()) {
        return made(constructor);
      } else if (parameters.equals(List.of(SocketAddress.class))) {
        return made(constructor, Given.address);
      } else if (parameters.equals(List.of(SocketAddress.class, HandlerFactory.class))) {
        return made(constructor, Given.address, handler);
      }
    }
    throw new AssertionError("no constructor that the test knows in " + type);
  }

  private static TCPServer made(Constructor<?> constructor, Object... arguments) throws Exception {
    try {
      return (TCPServer) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof UnsupportedOperationException missing) {
        // a forking server where there is none
        String message = "SKIPPED: " + missing.getMessage();
        System.err.println(message);
        return Assumptions.abort(message);
      }
      throw e;
    }
  }

  private static String exchange(TCPServer server, String line) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.serverPort())) {
      client.setSoTimeout(LIMIT_MILLIS);
      client.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
