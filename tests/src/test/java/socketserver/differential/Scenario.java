package socketserver.differential;

import com.google.gson.JsonObject;
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
  private ServerMaker<R, S> server;
  private boolean threading;
  private String python;
  private Handling<R> handling = PlainHandling.plain(handler -> {});
  private Main<S> main;
  private Script client = connection -> {};
  private Difference difference;

  private Scenario(String name, boolean udp, ServerMaker<R, S> server) {
    this.name = name;
    this.udp = udp;
    this.server = server;
  }

  static Scenario<StreamSocket, TCPServer> tcp(String name) {
    return new Scenario<>(name, false, TracedTCPServer::new);
  }

  static Scenario<StreamSocket, TCPServer> threadingTcp(String name) {
    Scenario<StreamSocket, TCPServer> scenario =
        new Scenario<>(name, false, TracedThreadingTCPServer::new);
    scenario.threading = true;
    return scenario;
  }

  static Scenario<DatagramRequest, UDPServer> udp(String name) {
    return new Scenario<>(name, true, TracedUDPServer::new);
  }

  static Scenario<DatagramRequest, UDPServer> threadingUdp(String name) {
    Scenario<DatagramRequest, UDPServer> scenario =
        new Scenario<>(name, true, TracedThreadingUDPServer::new);
    scenario.threading = true;
    return scenario;
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
    server = maker;
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
    difference = new Difference(reason, pythonOnly.lines().toList(), javaOnly.lines().toList());
    return this;
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

  ServerMaker<R, S> server() {
    return server;
  }

  /** What the server's thread does, or null if it serves until it is stopped. */
  Main<S> main() {
    return main;
  }

  Script client() {
    return client;
  }

  /** What is expected to differ, or null if nothing is. */
  Difference difference() {
    return difference;
  }
}
