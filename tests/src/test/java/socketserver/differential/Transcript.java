package socketserver.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scenario did, as lines that can be compared: what the client noted, then what happened in
 * the server. With a thread for each request only the order within a request is fixed, so there the
 * lines of each client stand together.
 */
final class Transcript {
  private Transcript() {}

  static List<String> of(Client client, Trace trace, boolean threading) {
    List<String> lines = new ArrayList<>(client.notes());
    List<String> addresses = client.addresses();
    Map<Integer, List<String>> byClient = new TreeMap<>();
    for (Trace.Event event : trace.events()) {
      int number = event.client().isEmpty() ? 0 : addresses.indexOf(event.client()) + 1;
      String who = number == 0 ? "server: " : "for client " + number + ": ";
      byClient
          .computeIfAbsent(threading ? number : 0, none -> new ArrayList<>())
          .add(who + event.text());
    }
    byClient.values().forEach(lines::addAll);
    return lines;
  }
}
