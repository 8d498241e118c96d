package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;

/** What clients cannot do to programs that are copied from the documents. */
class DocumentedSafetyTest {
  @TempDir static Path folder;

  @Test
  void theFileHandlerStaysInItsFolder() throws Exception {
    Path open = Files.createDirectory(folder.resolve("public"));
    Files.writeString(open.resolve("open"), "for all");
    Files.writeString(folder.resolve("secret"), "for none");
    Files.createSymbolicLink(open.resolve("link"), folder.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("elsewhere"), open);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    Block block =
        Documents.blocks("java").stream()
            .filter(each -> each.text().startsWith("class FileHandler"))
            .findFirst()
            .orElseThrow();
    // without the statement that makes a server
    String type = block.text().substring(0, block.text().indexOf("\n}\n") + 3);
    Block handlerAlone = new Block(block.document(), block.line(), "java", "", type);
    assertEquals(
        List.of(), SnippetCompiler.compile(List.of(new SnippetSource(handlerAlone, 0)), classes));
    try (var loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, DocumentedSafetyTest.class.getClassLoader())) {
      Constructor<?> handler = fileHandler(classes, loader);
      assertEquals("for all", answer(handler, open, "open"));
      assertEquals("for all", answer(handler, folder.resolve("elsewhere"), "open"));
      assertEquals("", answer(handler, open, "../secret"));
      assertEquals("", answer(handler, open, folder.resolve("secret").toString()));
      assertEquals("", answer(handler, open, "link"));
    }
  }

  private static Constructor<?> fileHandler(Path classes, ClassLoader loader) throws Exception {
    try (Stream<Path> files = Files.walk(classes)) {
      Path file =
          files.filter(each -> each.endsWith("FileHandler.class")).findFirst().orElseThrow();
      String name = classes.relativize(file).toString().replace('/', '.');
      Constructor<?> made =
          loader
              .loadClass(name.substring(0, name.length() - ".class".length()))
              .getDeclaredConstructor(Path.class);
      made.setAccessible(true);
      return made;
    }
  }

  private static String answer(Constructor<?> handler, Path folder, String name)
      throws IOException {
    try (var err = new StandardError();
        var running =
            RunningServer.start(
                new ThreadingTCPServer(RunningServer.anyPort(), () -> made(handler, folder)));
        var client = TcpClient.to(running)) {
      client.send(name + "\n");
      String answer = client.rest();
      assertEquals("", err.text());
      return answer;
    }
  }

  private static StreamRequestHandler made(Constructor<?> handler, Path folder) {
    try {
      return (StreamRequestHandler) handler.newInstance(folder);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noSampleReadsAheadOfRfile() throws IOException {
    // what such a reader holds would survive STARTTLS, in the clear
    List<String> readers =
        Documents.blocks("java").stream()
            .map(Block::text)
            .filter(text -> text.contains("InputStreamReader(rfile"))
            .toList();
    assertEquals(List.of(), readers);
  }
}
