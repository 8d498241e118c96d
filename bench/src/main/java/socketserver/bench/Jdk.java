package socketserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDK that runs servers.
 *
 * @param feature its version: 17, 25
 * @param home its folder
 */
record Jdk(int feature, Path home) {
  private static final Pattern VERSION =
      Pattern.compile("(?m)^JAVA_VERSION=\"((?:1\\.)?(\\d+)[^\"]*)");

  /** The one that runs this. */
  static Jdk running() {
    return new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
  }

  /** The JDK in a folder, if there is one. */
  static Optional<Jdk> in(Path home) {
    return Files.isExecutable(home.resolve("bin/javac"))
        ? release(home).map(release -> new Jdk(Integer.parseInt(release.group(2)), home))
        : Optional.empty();
  }

  private static Optional<MatchResult> release(Path home) {
    try {
      Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
      return version.find() ? Optional.of(version.toMatchResult()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Its name in the reports. */
  String title() {
    return "Java " + release(home).map(release -> release.group(1)).orElse(String.valueOf(feature));
  }

  /** One of its programs. */
  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }
}
