package socketserver.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** README.md and docs/*.md, as they lie in the source tree. */
final class Documents {
  private Documents() {}

  /** The root of the source tree. */
  static Path root() {
    Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("README.md"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no README.md in any folder above the tests");
    }
    return folder;
  }

  static Path readme() {
    return root().resolve("README.md");
  }

  static Path porting() {
    return root().resolve("docs").resolve("porting.md");
  }

  static List<Path> all() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(readme()));
    try (Stream<Path> files = Files.list(root().resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  /** The fenced blocks of all documents in a language. */
  static List<Block> blocks(String language) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path document : all()) {
      for (Block block : blocks(document)) {
        if (block.language().equals(language)) {
          blocks.add(block);
        }
      }
    }
    return blocks;
  }

  static List<Block> blocks(Path document) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(document);
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (!fence.startsWith("```")) {
        continue;
      }
      int first = i + 1;
      do {
        i++;
        if (i == lines.size()) {
          throw new IllegalStateException(document + " line " + first + ": the block has no end");
        }
      } while (!lines.get(i).strip().equals("```"));
      String[] words = (fence.substring(3).strip() + " ").split(" ", 2);
      String text = String.join("\n", lines.subList(first, i)) + "\n";
      blocks.add(new Block(document, first + 1, words[0], words[1].strip(), text));
    }
    return blocks;
  }
}
