package socketserver.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import socketserver.examples.RedisServer;

/**
 * The commands that start servers.
 *
 * @param classPath of the servers in Java
 * @param script of those in Python
 */
record Commands(String classPath, Path script) {
  /** The protocol of a server among the examples, which takes its port as its argument. */
  static final String REDIS = "redis";

  /** Virtual threads can have a scheduler of their own: Java does not offer that to everybody. */
  static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";

  private static final String SERVER = "socketserver.bench.server.Serve";
  private static final Class<?> REDIS_SERVER = RedisServer.class;
  private static final String SCRIPT = "/socketserver/bench/server/serve.py";

  /**
   * Commands for the servers on this program's class path.
   *
   * @param further class path of the user's own; may be empty
   */
  static Commands of(String further) throws IOException {
    String own = System.getProperty("java.class.path");
    String path = further.isEmpty() ? own : own + File.pathSeparator + further;
    return new Commands(JarPath.of(path), Scripts.write(SCRIPT));
  }

  /** The command of a contestant in a workload. */
  List<String> of(Contestant contestant, Workload workload) {
    if (contestant.peer() == Peer.CPYTHON) {
      return List.of("python3", script.toString(), contestant.strategy(), workload.protocol());
    }
    List<String> flags = new ArrayList<>(workload.jvmFlags());
    if (contestant.ours() && contestant.strategy().equals("eventloop")) {
      flags.add(OPEN);
    }
    if (workload.protocol().equals(REDIS)) {
      if (!contestant.strategy().equals("threading")) {
        // the threads of a threading server can be others
        flags.add("-Dsocketserver.threading=" + contestant.strategy());
      }
      return java(contestant.jdk(), flags, List.of(REDIS_SERVER.getName(), "0"));
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(contestant.peer().word());
    arguments.add(contestant.strategy());
    arguments.add(workload.protocol());
    if (workload.handler() != null) {
      arguments.add(workload.handler());
    }
    arguments.add(0, SERVER);
    return java(contestant.jdk(), flags, arguments);
  }

  /** A command that runs a class, the first of the words, with the others as its arguments. */
  List<String> java(Jdk jdk, List<String> flags, List<String> words) {
    List<String> command = new ArrayList<>(List.of(jdk.program("java")));
    if (jdk.feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath));
    command.addAll(words);
    return command;
  }
}
