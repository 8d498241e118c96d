package socketserver.differential;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scenario did, as lines that can be compared: what the client noted, then what happened in
 * the server. With a thread or a process for each request only the order within a request is fixed,
 * so there the lines of each client stand together, and those of its process after them.
 */
final class Transcript {
  private Transcript() {}

  /** What comes after the client in a line about a child process. */
  static final String IN_CHILD = "in its process: ";

  static List<String> of(Client client, Trace trace, Form form) {
    List<String> lines = new ArrayList<>(client.notes());
    List<String> addresses = client.addresses();
    Map<Integer, List<String>> byClient = new TreeMap<>();
    Map<Integer, ChildLines> children = new TreeMap<>();
    for (Trace.Event event : trace.events()) {
      int number = event.client().isEmpty() ? 0 : addresses.indexOf(event.client()) + 1;
      String who = number == 0 ? "server: " : "for client " + number + ": ";
      int key = form == Form.SYNC ? 0 : number;
      List<String> own = byClient.computeIfAbsent(key, none -> new ArrayList<>());
      if (event.process() == 0) {
        own.add(who + event.text());
      } else {
        children.computeIfAbsent(key, none -> new ChildLines()).add(event, who + IN_CHILD);
      }
    }
    byClient.forEach(
        (key, own) -> {
          lines.addAll(own);
          ChildLines childrens = children.get(key);
          lines.addAll(childrens == null ? List.of() : childrens.all());
        });
    return lines;
  }

  /**
   * What happened for a client in child processes, request by request. As the requests run at the
   * same time, they stand in the order of what happened in them.
   */
  private static final class ChildLines {
    private final Map<Long, List<String>> running = new HashMap<>();
    private final List<List<String>> requests = new ArrayList<>();

    void add(Trace.Event event, String who) {
      if (event.text().equals("finish_request") || !running.containsKey(event.process())) {
        List<String> request = new ArrayList<>();
        requests.add(request);
        running.put(event.process(), request);
      }
      running.get(event.process()).add(who + event.text());
    }

    List<String> all() {
      requests.sort(Comparator.comparing(Object::toString));
      return requests.stream().flatMap(List::stream).toList();
    }
  }
}
