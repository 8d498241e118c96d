package socketserver.bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured of one contestant in all rounds. */
final class Figures {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  int count() {
    return values.size();
  }

  double median() {
    return percentile(50);
  }

  /** The value that so many of a hundred do not exceed. */
  double percentile(int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() * percent / 100, sorted.size() - 1));
  }

  double least() {
    return percentile(0);
  }

  double most() {
    return percentile(100);
  }
}
