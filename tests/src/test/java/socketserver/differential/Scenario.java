package socketserver.differential;

import com.google.gson.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import socketserver.BaseServer;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;

/**
 * One row of a table: a sentence, the Python server, the Java server that says the same, and the
 * client that talks to each of them.
 *
 * @param <R> the kind of request
 * @param <S> the kind of server
 */
final class Scenario<R, S extends BaseServer<R>> {
  /** Makes a server whose hooks are traced. */
  interface ServerMaker<R, S> {
    S make(Run run, HandlerFactory<R> handler) throws Exception;
  }

  /** What the server's thread does. */
  interface Main<S> {
    void run(S server, Run run) throws Exception;
  }

  /** What the client does. */
  interface Script {
    void run(Client client) throws Exception;
  }

  final String name;
  final boolean udp;
  final JsonObject parameters = new JsonObject();
  private final Map<Family, ServerMaker<R, S>> servers = new EnumMap<>(Family.class);
  private final boolean threading;
  private String python;
  private Handling<R> handling = PlainHandling.plain(handler -> {});
  private Main<S> main;
  private Script client = connection -> {};
  private final Map<Family, Difference> differences = new EnumMap<>(Family.class);

  private Scenario(
      String name, boolean udp, boolean threading, Map<Family, ServerMaker<R, S>> servers) {
    this.name = name;
    this.udp = udp;
    this.threading = threading;
    this.servers.putAll(servers);
  }

  /** Streams, over TCP and over Unix sockets. */
  static Scenario<StreamSocket, TCPServer> tcp(String name) {
    return new Scenario<>(
        name,
        false,
        false,
        Map.of(Family.INET, TracedTCPServer::new, Family.UNIX, TracedUnixStreamServer::new));
  }

  static Scenario<StreamSocket, TCPServer> threadingTcp(String name) {
    return new Scenario<>(
        name,
        false,
        true,
        Map.of(
            Family.INET,
            TracedThreadingTCPServer::new,
            Family.UNIX,
            TracedThreadingUnixStreamServer::new));
  }

  /** Datagrams, over UDP and over Unix sockets. */
  static Scenario<DatagramRequest, UDPServer> udp(String name) {
    return new Scenario<>(
        name,
        true,
        false,
        Map.of(Family.INET, TracedUDPServer::new, Family.UNIX, TracedUnixDatagramServer::new));
  }

  static Scenario<DatagramRequest, UDPServer> threadingUdp(String name) {
    return new Scenario<>(
        name,
        true,
        true,
        Map.of(
            Family.INET,
            TracedThreadingUDPServer::new,
            Family.UNIX,
            TracedThreadingUnixDatagramServer::new));
  }

  /** Leaves a family out: the scenario is about what only the other one has. */
  Scenario<R, S> only(Family family) {
    servers.keySet().retainAll(Set.of(family));
    return this;
  }

  /** The source of Handler, and of Server and main(server) where it needs them. */
  Scenario<R, S> python(String source) {
    python = source;
    return this;
  }

  /** The twin of Python's Handler. */
  Scenario<R, S> java(Handling<R> recipe) {
    handling = recipe;
    return this;
  }

  /** The twin of Python's Server, if it has one. */
  Scenario<R, S> javaServer(ServerMaker<R, S> maker) {
    servers.replaceAll((family, before) -> maker);
    return this;
  }

  /**
   * The twin of Python's main, if it has one; without one the server serves until it is stopped.
   */
  Scenario<R, S> javaMain(Main<S> body) {
    main = body;
    return this;
  }

  Scenario<R, S> client(Script script) {
    client = script;
    return this;
  }

  /**
   * Expects our server to differ, in these lines of the transcript and in no other.
   *
   * @param reason where the README's table of differences says so
   * @param pythonOnly the lines that only Python's transcript has
   * @param javaOnly the lines that only ours has
   */
  Scenario<R, S> differs(String reason, String pythonOnly, String javaOnly) {
    for (Family family : servers.keySet()) {
      differs(family, reason, pythonOnly, javaOnly);
    }
    return this;
  }

  /** Expects a difference over sockets of one family, which goes before that of both. */
  Scenario<R, S> differs(Family family, String reason, String pythonOnly, String javaOnly) {
    List<String> pythons = pythonOnly.lines().toList();
    differences.put(family, new Difference(reason, pythons, javaOnly.lines().toList()));
    return this;
  }

  /** Expects what differs otherwise to be the same over sockets of one family. */
  Scenario<R, S> same(Family family) {
    differences.remove(family);
    return this;
  }

  boolean runsOver(Family family) {
    return servers.containsKey(family);
  }

  boolean threading() {
    return threading;
  }

  String python() {
    return python;
  }

  Handling<R> handling() {
    return handling;
  }

  ServerMaker<R, S> server(Family family) {
    return servers.get(family);
  }

  /** What the server's thread does, or null if it serves until it is stopped. */
  Main<S> main() {
    return main;
  }

  Script client() {
    return client;
  }

  /** What is expected to differ, or null if nothing is. */
  Difference difference(Family family) {
    return differences.get(family);
  }
}
