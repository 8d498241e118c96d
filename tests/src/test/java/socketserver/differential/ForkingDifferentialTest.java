package socketserver.differential;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import socketserver.DatagramRequest;
import socketserver.StreamSocket;

/**
 * Requests in child processes, on CPython's ForkingMixIn and on ours: what is about processes, with
 * one for each request on both sides, and the scenarios of all tables, which our few processes
 * handle one after the other.
 */
class ForkingDifferentialTest {
  /** What has to be closed in the end, the latest first. */
  private static final Deque<Closeable> OPENED = new ArrayDeque<>();

  @AfterAll
  static void close() throws IOException {
    for (Closeable opened : OPENED) {
      opened.close();
    }
    OPENED.clear();
  }

  @TestFactory
  Stream<DynamicNode> behavesAsCPythonDoes() {
    return PythonAssumption.with(
        python -> {
          OPENED.push(python);
          return Stream.of(Family.values())
              .map(
                  family ->
                      dynamicContainer(
                          family.title, new OverFamily(new Comparison(python), family).tables()));
        });
  }

  /** The tables over the sockets of one family. */
  private static final class OverFamily {
    private final Comparison comparison;
    private final Family family;

    /** Null until needed. */
    private SharedServer<StreamSocket, ?> streams;

    /** Null until needed. */
    private SharedServer<DatagramRequest, ?> datagrams;

    OverFamily(Comparison comparison, Family family) {
      this.comparison = comparison;
      this.family = family;
    }

    Stream<DynamicNode> tables() {
      return Stream.concat(
          Stream.of(
              dynamicContainer("a process for each request", ownProcesses(Processes.scenarios())),
              dynamicContainer("the ends of processes", ownProcesses(ExitStatuses.scenarios()))),
          Tables.ALL.entrySet().stream()
              .map(table -> dynamicContainer(table.getKey(), tests(table.getValue()))));
    }

    private Stream<DynamicNode> ownProcesses(List<Scenario<?, ?>> scenarios) {
      return scenarios.stream()
          .filter(scenario -> scenario.runsOver(family))
          .map(scenario -> dynamicTest(scenario.name, () -> comparison.check(scenario, family)));
    }

    private Stream<DynamicNode> tests(List<Scenario<?, ?>> scenarios) {
      return scenarios.stream()
          .filter(scenario -> scenario.runsForking() && scenario.runsOver(family))
          .map(scenario -> dynamicTest(scenario.name, () -> check(scenario)));
    }

    @SuppressWarnings("unchecked") // datagrams are what the scenarios of UDP are about
    private void check(Scenario<?, ?> scenario) throws Exception {
      if (scenario.udp) {
        check((Scenario<DatagramRequest, socketserver.UDPServer>) scenario, datagrams());
      } else {
        check((Scenario<StreamSocket, socketserver.TCPServer>) scenario, streams());
      }
    }

    private <R, S extends socketserver.BaseServer<R>> void check(
        Scenario<R, S> scenario, SharedServer<R, ?> server) throws Exception {
      Scenario<R, S> forking = scenario.forking();
      comparison.check(forking, family, sockets -> server.start(forking, sockets));
    }

    private SharedServer<StreamSocket, ?> streams() throws IOException {
      if (streams == null) {
        streams =
            family == Family.INET
                ? new SharedServer<>(family, TracedForkingTCPServer::new)
                : new SharedServer<>(family, TracedForkingUnixStreamServer::new);
        OPENED.push(streams);
      }
      return streams;
    }

    private SharedServer<DatagramRequest, ?> datagrams() throws IOException {
      if (datagrams == null) {
        datagrams =
            family == Family.INET
                ? new SharedServer<>(family, TracedForkingUDPServer::new)
                : new SharedServer<>(family, TracedForkingUnixDatagramServer::new);
        OPENED.push(datagrams);
      }
      return datagrams;
    }
  }
}
