package socketserver.docs;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.SimpleJavaFileObject;

/**
 * A snippet of a document as a source file.
 *
 * <p>A snippet with a {@code main} is a file as it stands. One that consists of types becomes a
 * file by the imports that the documents leave out. Others are put into a class: statements into a
 * method, members into a subclass of what the word after the fence names. What stands before the
 * snippet is one line, so that line n of the snippet is line n + 1 here.
 */
final class SnippetSource extends SimpleJavaFileObject {
  private static final String IMPORTS =
      "import java.io.*; import java.net.*; import java.nio.ByteBuffer; import java.nio.ByteOrder;"
          + " import java.nio.channels.FileChannel; import java.nio.charset.StandardCharsets;"
          + " import java.nio.file.*; import java.time.Duration; import java.util.*; import"
          + " java.util.concurrent.*; import java.util.concurrent.atomic.*; import"
          + " java.util.function.*; import javax.net.ssl.*; import socketserver.*; import"
          + " socketserver.select.*; import socketserver.selectors.*; import"
          + " socketserver.docs.given.*; import static socketserver.docs.given.Given.*;";

  private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;$");
  private static final Pattern OUTERMOST = Pattern.compile("(?m)^(?!import )\\S.*$");
  private static final Pattern OF_A_TYPE =
      Pattern.compile("((abstract |final )?class |interface |record |enum |@|//|}).*");

  private final Block block;
  private final String source;
  private final boolean alone;

  SnippetSource(Block block, int number) {
    super(URI.create("string:///snippet" + number + "/Snippet.java"), Kind.SOURCE);
    this.block = block;
    this.alone = block.text().contains(" void main(");
    this.source = alone ? "\n" + block.text() : wrapped(block, number);
  }

  Block block() {
    return block;
  }

  /** Whether the snippet is a file as it stands. */
  boolean alone() {
    return alone;
  }

  /** The line of the document that a line of this file comes from. */
  long documentLine(long line) {
    return block.line() + line - 2;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return source;
  }

  private static String wrapped(Block block, int number) {
    String start = "package snippet" + number + "; " + IMPORTS;
    String text = block.text();
    if (block.surroundings().isEmpty() && onlyTypes(text)) {
      return start + "\n" + text;
    }
    Matcher imports = IMPORT.matcher(text);
    while (imports.find()) {
      start += " " + imports.group();
    }
    String body = IMPORT.matcher(text).replaceAll("");
    return switch (block.surroundings()) {
      case "" -> start + " class Snippet { void snippet() throws Exception {\n" + body + "}}";
      case "handle" ->
          start
              + " class Snippet extends StreamRequestHandler {"
              + " @Override public void handle() throws Exception {\n"
              + body
              + "}}";
      case "handler" -> start + " class Snippet extends StreamRequestHandler {\n" + body + "}";
      case "datagram" -> start + " class Snippet extends DatagramRequestHandler {\n" + body + "}";
      case "server" ->
          start
              + " class Snippet extends ThreadingTCPServer {"
              + " Snippet() throws IOException { super(address, Handler::new); }\n"
              + body
              + "}";
      default -> throw new IllegalStateException(block + ": unknown: " + block.surroundings());
    };
  }

  private static boolean onlyTypes(String text) {
    return OUTERMOST
        .matcher(text)
        .results()
        .allMatch(line -> OF_A_TYPE.matcher(line.group()).matches());
  }
}
