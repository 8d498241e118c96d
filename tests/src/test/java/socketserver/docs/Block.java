package socketserver.docs;

import java.nio.file.Path;

/**
 * A fenced block of a document.
 *
 * @param document the document
 * @param line the line of the block's first line, from 1
 * @param language the word after the fence
 * @param surroundings the rest of the line of the fence: what the snippet stands in
 * @param text the lines of the block
 */
record Block(Path document, int line, String language, String surroundings, String text) {
  @Override
  public String toString() {
    return document.getFileName() + " line " + line;
  }
}
