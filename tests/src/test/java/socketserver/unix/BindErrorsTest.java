package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.BaseServer;
import socketserver.contract.Peer;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;

/** Why a path cannot be bound: each message says it, and nothing is left of the attempt. */
@Timeout(60)
class BindErrorsTest {
  private static final int LONGEST_PATH = 107;

  @TempDir Path folder;

  @BeforeEach
  void openAllThatIsNeededOnce() throws IOException {
    for (Form form : Form.values()) {
      Path path = folder.resolve("first");
      form.bind(path.toString()).close();
      Files.delete(path);
    }
  }

  @AfterEach
  void nothingIsLeft() {
    Remains.awaitNoEngine();
  }

  /** Tries to bind, and checks that it fails, says so, and changes nothing. */
  private void assertFails(Form form, Path path, String... causes) throws IOException {
    Descriptors.assumeCountable();
    List<String> filesBefore = files();
    int descriptors = Descriptors.open();
    BindException error = assertThrows(BindException.class, () -> form.bind(path.toString()));
    // a very long one is cut
    String begin = path.toString().substring(0, Math.min(path.toString().length(), 150));
    assertTrue(error.getMessage().contains(begin), error.getMessage());
    for (String cause : causes) {
      assertTrue(error.getMessage().contains(cause), error.getMessage());
    }
    assertEquals(filesBefore, files());
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= descriptors);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  /** A path in the folder that has a number of bytes, and ends in a text. */
  private Path ofLength(int bytes, String end) {
    int given = (folder + "/" + end).getBytes(StandardCharsets.UTF_8).length;
    return folder.resolve("x".repeat(bytes - given) + end);
  }

  @ParameterizedTest
  @EnumSource
  void theLongestPathIsBound(Form form) throws IOException {
    Path path = ofLength(LONGEST_PATH, "");
    try (BaseServer<?> server = form.bind(path.toString())) {
      assertEquals(path.toString(), server.serverAddress().toString());
      assertTrue(Files.exists(path));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPathThatIsTooLongIsRefusedWithItsLength(Form form) throws IOException {
    assertFails(form, ofLength(LONGEST_PATH + 1, ""), "too long", "108 bytes", "107");
    assertFails(form, ofLength(500, ""), "too long", "500 bytes", "107");
  }

  @ParameterizedTest
  @EnumSource
  void theLengthIsCountedInBytes(Form form) throws IOException {
    NonAscii.assumeNames();
    Path longest = ofLength(LONGEST_PATH, "ü");
    assertEquals(LONGEST_PATH - 1, longest.toString().length());
    form.bind(longest.toString()).close();
    Path tooLong = ofLength(LONGEST_PATH + 1, "ü");
    assertEquals(LONGEST_PATH, tooLong.toString().length());
    assertFails(form, tooLong, "too long", "108 bytes");
  }

  @ParameterizedTest
  @EnumSource
  void anAbstractNameThatIsTooLongIsRefusedWithItsLength(Form form) throws IOException {
    form.bind(abstractName(LONGEST_PATH)).close();
    String tooLong = abstractName(LONGEST_PATH + 1);
    BindException error = assertThrows(BindException.class, () -> form.bind(tooLong));
    assertTrue(error.getMessage().contains("108 bytes"), error.getMessage());
    assertTrue(error.getMessage().contains("107"), error.getMessage());
  }

  private String abstractName(int bytes) {
    String name = "\0" + folder.getFileName();
    return name + "x".repeat(bytes - name.length());
  }

  @ParameterizedTest
  @EnumSource
  void aMissingFolderIsNamed(Form form) throws IOException {
    assertFails(form, folder.resolve("missing/x"), "no such file or directory", "folder");
  }

  @ParameterizedTest
  @EnumSource
  void aFileInThePlaceOfTheFolderIsNamed(Form form) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "content");
    assertFails(form, file.resolve("x"), "not a directory");
    assertEquals("content", Files.readString(file));
  }

  @ParameterizedTest
  @EnumSource
  void aPathInUseLeavesItsServerAlone(Form form) throws IOException {
    Path path = folder.resolve("x");
    try (var first = RunningServer.start(Form.STREAM.bind(path.toString()));
        Peer before = UnixStreams.peer(path)) {
      // its connection is accepted, so that no descriptor is added later
      before.send("x\n");
      assertEquals("x\n", before.receiveText(2));
      before.end();
      assertTrue(before.isAtEnd());
      assertFails(form, path, "address already in use");
      try (Peer after = UnixStreams.peer(path)) {
        after.send("x\n");
        assertEquals("x\n", after.receiveText(2));
      }
      assertEquals(path.toString(), first.server().serverAddress().toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFileOfAServerThatHasClosedIsInUse(Form form) throws IOException {
    Path path = folder.resolve("x");
    form.bind(path.toString()).close();
    Object file = Files.getAttribute(path, "unix:ino");
    assertFails(form, path, "address already in use", "replaceStale");
    assertEquals(file, Files.getAttribute(path, "unix:ino"));
  }

  @ParameterizedTest
  @EnumSource
  void aRegularFileSurvives(Form form) throws IOException {
    Path path = Files.writeString(folder.resolve("x"), "precious");
    assertFails(form, path, "address already in use", "regular file");
    assertEquals("precious", Files.readString(path));
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFileSurvives(Form form) throws IOException {
    Path path = Files.createFile(folder.resolve("x"));
    Object file = Files.getAttribute(path, "unix:ino");
    assertFails(form, path, "address already in use", "regular file");
    assertEquals(file, Files.getAttribute(path, "unix:ino"));
  }

  @ParameterizedTest
  @EnumSource
  void aFolderSurvives(Form form) throws IOException {
    Path path = Files.createDirectory(folder.resolve("x"));
    assertFails(form, path, "address already in use", "folder");
    assertTrue(Files.isDirectory(path));
  }

  @ParameterizedTest
  @EnumSource
  void aLinkThatLeadsNowhereSurvives(Form form) throws IOException {
    Path target = folder.resolve("nowhere");
    Path path = Files.createSymbolicLink(folder.resolve("x"), target);
    assertFails(form, path, "address already in use");
    assertEquals(target, Files.readSymbolicLink(path));
    assertTrue(Files.notExists(target, LinkOption.NOFOLLOW_LINKS));
  }

  @ParameterizedTest
  @EnumSource
  void anAbstractNameInUseIsShown(Form form) throws IOException {
    String name = abstractName(30);
    try (BaseServer<?> first = form.bind(name)) {
      BindException error = assertThrows(BindException.class, () -> form.bind(name));
      assertTrue(error.getMessage().contains(first.serverAddress().toString()));
      assertTrue(error.getMessage().contains("in use"), error.getMessage());
    }
  }
}
