package socketserver.unix.fork;

import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import socketserver.spi.ChildSettings;

/**
 * What starts a child: this JVM's options and classes, and {@link ChildMain}.
 *
 * @param words the command line
 * @param classPath where the child finds classes; in its environment, as the command line is to be
 *     read
 * @param quiet whether what it prints is for nobody
 */
record ChildCommand(List<String> words, String classPath, boolean quiet) {
  private static final String SEPARATOR = System.getProperty("path.separator");

  /**
   * Options of the parent's that a child must not have: two processes cannot share a debugger's or
   * an agent's port, a recording or a log file, and archives are {@link ClassArchive}'s matter.
   */
  private static final Pattern PARENTS_OWN =
      Pattern.compile(
          "-(agentlib|agentpath|javaagent|Xrun|Xdebug|Xlog|Xloggc|Xshare|Dcom\\.sun\\.management"
              + "|Djava\\.class\\.path|XX:StartFlightRecording|XX:FlightRecorderOptions"
              + "|XX:ArchiveClassesAtExit|XX:SharedArchiveFile|XX:[+-]AutoCreateSharedArchive"
              + "|XX:AOT|XX:OnError|XX:OnOutOfMemoryError).*");

  /** What a JVM takes options from, beside its command line. */
  private static final Set<String> OPTIONS =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** What systemd has given to this process alone. */
  private static final Set<String> SYSTEMD =
      Set.of("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC");

  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

  /**
   * Makes the command.
   *
   * @param settings what the server says
   * @param archive options that have to do with a {@link ClassArchive}
   * @param arguments for {@link ChildMain}; a child that has some makes an archive, quietly
   */
  static ChildCommand of(ChildSettings settings, List<String> archive, String... arguments) {
    List<String> chosen = settings.childJvmOptions();
    List<String> options = chosen != null ? chosen : inherited();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (options.stream().noneMatch(option -> COLLECTOR.matcher(option).matches())) {
      // the smallest, and the quickest to start
      command.add("-XX:+UseSerialGC");
    }
    // who lives for some requests does not earn back what an optimising compiler costs
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:-UsePerfData");
    command.add("-XX:+ExitOnOutOfMemoryError");
    if (Runtime.version().feature() >= 24) {
      // each child loads Netty's natives, and would warn of that
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    // else Netty loads all of JFR for the first buffer
    command.add("-Dio.netty.jfr.enabled=false");
    command.addAll(archive);
    options.stream().filter(option -> !option.isBlank()).forEach(command::add);
    command.add(ChildMain.class.getName());
    command.addAll(List.of(arguments));
    return new ChildCommand(
        command, String.join(SEPARATOR, classPath(settings)), arguments.length > 0);
  }

  /** A process that is to be started. */
  ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words);
    // their options are among this JVM's; here they would bring a debugger's port back
    builder.environment().keySet().removeAll(OPTIONS);
    builder.environment().keySet().removeAll(SYSTEMD);
    builder.environment().put("CLASSPATH", classPath);
    Redirect output = quiet ? Redirect.DISCARD : Redirect.INHERIT;
    return builder.redirectOutput(output).redirectError(output);
  }

  /** Whether all classes are in jars, which is what a JVM can archive. */
  boolean hasJarsOnly() {
    return Stream.of(classPath.split(SEPARATOR))
        .noneMatch(entry -> Files.isDirectory(Path.of(entry)));
  }

  /** As somebody would type it. */
  @Override
  public String toString() {
    return words.stream()
        .map(word -> word.contains(" ") ? "'" + word + "'" : word)
        .collect(Collectors.joining(" ", "command line: ", ""));
  }

  private static List<String> inherited() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !PARENTS_OWN.matcher(option).matches())
        .toList();
  }

  /** Where this JVM, and the loaders of the server's and of this library's classes, look. */
  private static Set<String> classPath(ChildSettings settings) {
    Set<String> entries = new LinkedHashSet<>();
    addLoaders(entries, settings.serverClass().getClassLoader());
    addLoaders(entries, Thread.currentThread().getContextClassLoader());
    addLoaders(entries, ChildCommand.class.getClassLoader());
    addPath(entries, System.getProperty("java.class.path"));
    addPath(entries, System.getProperty("jdk.module.path"));
    return entries;
  }

  private static void addLoaders(Set<String> entries, ClassLoader loader) {
    for (ClassLoader at = loader; at != null; at = at.getParent()) {
      if (at instanceof URLClassLoader loads) {
        for (URL url : loads.getURLs()) {
          if (url.getProtocol().equals("file")) {
            entries.add(Path.of(URI.create(url.toString())).toString());
          }
        }
      }
    }
  }

  private static void addPath(Set<String> entries, String path) {
    if (path != null && !path.isEmpty()) {
      entries.addAll(List.of(path.split(SEPARATOR)));
    }
  }
}
