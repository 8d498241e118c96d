package socketserver.differential;

/**
 * What a Java handler throws where Python's raises SystemExit: no Exception, and handled as one.
 */
final class SystemExit extends Error {
  private static final long serialVersionUID = 1L;

  SystemExit() {
    super("a scenario leaves", null, false, false);
  }
}
