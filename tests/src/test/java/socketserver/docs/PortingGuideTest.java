package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.DgramSocket;
import socketserver.ForkingTCPServer;
import socketserver.ListenerSocket;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.UDPServer;

/** The porting guide has every name of Python's module, and names nothing that is not there. */
class PortingGuideTest {
  /** A line for each class: its name, then the names of what it declares. */
  private static final String NAMES =
      """
      import socketserver
      for name in socketserver.__all__:
          declared = vars(getattr(socketserver, name))
          print(name, *[member for member in declared if not member.startswith("_")])
      """;

  @Test
  void everyNameOfPythonsModuleHasARowInPythonsOrder() throws Exception {
    List<String> pythons = List.copyOf(pythonNames().keySet());
    List<String> rows = new ArrayList<>();
    for (List<String> row : names()) {
      rows.add(MarkdownTable.bare(MarkdownTable.code(row.get(0)).get(0)));
    }

    assertEquals(pythons, rows.stream().filter(pythons::contains).toList());
  }

  @Test
  void everythingThatPythonsClassesDeclareIsInTheSectionOfTheClass() throws Exception {
    for (var entry : pythonNames().entrySet()) {
      if (entry.getValue().isEmpty()) {
        continue;
      }
      String section =
          String.join("\n", MarkdownTable.section(Documents.porting(), "### " + entry.getKey()));
      for (String member : entry.getValue()) {
        assertTrue(
            Pattern.compile("`" + member + "[`(]").matcher(section).find(),
            entry.getKey() + "." + member + " is not in the section of its class");
      }
    }
  }

  @Test
  void everyNameOfTheModuleIsAClass() throws IOException {
    for (List<String> row : names()) {
      String java = MarkdownTable.code(row.get(1)).get(0);
      assertTrue(exists("socketserver." + java), "there is no class " + java);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BaseServer",
        "TCPServer",
        "UDPServer",
        "UnixStreamServer",
        "UnixDatagramServer",
        "ForkingMixIn",
        "ThreadingMixIn",
        "BaseRequestHandler",
        "StreamRequestHandler",
        "DatagramRequestHandler"
      })
  void everyJavaNameInTheSectionOfAClassIsAPublicMember(String name) throws Exception {
    List<Class<?>> types = new ArrayList<>(List.of(Class.forName("socketserver." + name)));
    if (name.equals("BaseServer")) {
      // as Python's reference does, its section has what only its subclasses have
      types.addAll(List.of(TCPServer.class, UDPServer.class));
    } else if (name.equals("ForkingMixIn")) {
      // what the mix-in has in Python, its server has here
      types.add(ForkingTCPServer.class);
    } else if (name.equals("ThreadingMixIn")) {
      types.add(ThreadingTCPServer.class);
    }
    assertMembers(MarkdownTable.section(Documents.porting(), "### " + name), types);
  }

  @Test
  void everyJavaNameInTheSectionOnSocketsAndFilesIsAPublicMember() throws IOException {
    assertMembers(
        MarkdownTable.section(Documents.porting(), "## Sockets and files"),
        List.of(
            StreamSocket.class,
            ListenerSocket.class,
            DgramSocket.class,
            SocketReader.class,
            SocketWriter.class));
  }

  @Test
  void everyExceptionExists() throws IOException {
    int checked = 0;
    for (var row :
        MarkdownTable.rows(MarkdownTable.section(Documents.porting(), "## Exceptions"))) {
      for (String code : MarkdownTable.code(row.get(1))) {
        if (code.matches("([a-z]+\\.)*([A-Z]\\w*)?(Exception|Error)")) {
          assertTrue(exists(code), "there is no " + code);
          checked++;
        }
      }
    }
    assertTrue(checked > 10, "the table is not found");
  }

  private static List<List<String>> names() throws IOException {
    var rows =
        MarkdownTable.rows(
            MarkdownTable.section(Documents.porting(), "## The names of the module"));
    assertFalse(rows.isEmpty(), "the table of names is not found");
    return rows;
  }

  private static void assertMembers(List<String> section, List<Class<?>> types) {
    List<String> members = members(types);
    int checked = 0;
    for (List<String> row : MarkdownTable.rows(section)) {
      for (String code : MarkdownTable.code(row.get(1))) {
        // "new X(..)" and "X.m(..)" are checked as X and m; "try (..)" is no member
        String java = code.replaceFirst("^(new |[A-Za-z]+\\.(?=[a-z]))", "");
        if (!java.startsWith("try ") && !java.equals("AutoCloseable") && !java.startsWith("for ")) {
          String name = MarkdownTable.bare(java);
          assertTrue(members.contains(name), "no " + name + " in " + types);
          checked++;
        }
      }
    }
    assertTrue(checked > 0, "the section has no names");
  }

  private static List<String> members(List<Class<?>> types) {
    List<String> members = new ArrayList<>();
    for (Class<?> type : types) {
      Stream.of(type.getMethods()).map(Method::getName).forEach(members::add);
      Stream.of(type.getFields()).map(Field::getName).forEach(members::add);
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (isVisible(constructor)) {
          members.add(type.getSimpleName());
        }
      }
    }
    return members;
  }

  private static boolean isVisible(Member member) {
    return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
  }

  private static boolean exists(String name) {
    for (String full :
        List.of(name, "socketserver." + name, "java.io." + name, "java.lang." + name)) {
      try {
        Class.forName(full, false, PortingGuideTest.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException e) {
        // the next
      }
    }
    return false;
  }

  private static Map<String, List<String>> pythonNames() throws IOException, InterruptedException {
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (String line : Python.run(NAMES, "").lines().toList()) {
      List<String> words = List.of(line.split(" "));
      names.put(words.get(0), words.subList(1, words.size()));
    }
    assertTrue(names.containsKey("BaseServer"), "python3 has no socketserver");
    return names;
  }
}
