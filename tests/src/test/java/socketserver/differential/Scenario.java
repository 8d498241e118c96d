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
  final Form form;
  private boolean ownServer;
  private boolean shared;
  private boolean inServersProcess;
  private String python;
  private Handling<R> handling = PlainHandling.plain(handler -> {});
  private Main<S> main;
  private Script client = connection -> {};
  private final Map<Family, Difference> differences = new EnumMap<>(Family.class);

  private Scenario(String name, boolean udp, Form form, Map<Family, ServerMaker<R, S>> servers) {
    this.name = name;
    this.udp = udp;
    this.form = form;
    this.servers.putAll(servers);
  }

  /** Streams, over TCP and over Unix sockets. */
  static Scenario<StreamSocket, TCPServer> tcp(String name) {
    return new Scenario<>(
        name,
        false,
        Form.SYNC,
        Map.of(Family.INET, TracedTCPServer::new, Family.UNIX, TracedUnixStreamServer::new));
  }

  static Scenario<StreamSocket, TCPServer> threadingTcp(String name) {
    return new Scenario<>(
        name,
        false,
        Form.THREADING,
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
        Form.SYNC,
        Map.of(Family.INET, TracedUDPServer::new, Family.UNIX, TracedUnixDatagramServer::new));
  }

  static Scenario<DatagramRequest, UDPServer> threadingUdp(String name) {
    return new Scenario<>(
        name,
        true,
        Form.THREADING,
        Map.of(
            Family.INET,
            TracedThreadingUDPServer::new,
            Family.UNIX,
            TracedThreadingUnixDatagramServer::new));
  }

  /** Streams, each in a process that handles nothing else. */
  static Scenario<StreamSocket, TCPServer> forkingTcp(String name) {
    return new Scenario<>(
        name,
        false,
        Form.FORKING,
        Map.of(
            Family.INET,
            TracedForkingTCPServer::new,
            Family.UNIX,
            TracedForkingUnixStreamServer::new));
  }

  /** Datagrams, each in a process that handles nothing else. */
  static Scenario<DatagramRequest, UDPServer> forkingUdp(String name) {
    return new Scenario<>(
        name,
        true,
        Form.FORKING,
        Map.of(
            Family.INET,
            TracedForkingUDPServer::new,
            Family.UNIX,
            TracedForkingUnixDatagramServer::new));
  }

  /**
   * The same with requests in child processes, which a {@link SharedServer} serves. Only for what
   * {@link #runsForking()}.
   */
  Scenario<R, S> forking() {
    Scenario<R, S> forking = new Scenario<>(name, udp, Form.FORKING, servers);
    parameters.entrySet().forEach(each -> forking.parameters.add(each.getKey(), each.getValue()));
    forking.differences.putAll(differences);
    forking.shared = true;
    return forking.python(python).java(handling).client(client);
  }

  /** What a server says that serves this scenario alone, and a {@link SharedServer} does not. */
  List<String> unsaid() {
    return shared
        ? List.of("server: server_bind", "server: server_activate", "server: server_close")
        : List.of();
  }

  /** Whether it is about requests alone, and does not say what its server is or does. */
  boolean runsForking() {
    return !ownServer && main == null && !inServersProcess;
  }

  /** Leaves child processes out: it is about what a handler does to its server, or about many. */
  Scenario<R, S> inServersProcess() {
    inServersProcess = true;
    return this;
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
    ownServer = true;
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
