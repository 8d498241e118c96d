package socketserver.bench.report;

import java.util.Collection;
import java.util.List;

/**
 * What several rounds have in common.
 *
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param least the smallest
 * @param most the greatest
 */
public record Spread(double median, double least, double most) {
  /**
   * The spread of some figures.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(Collection<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("no figures");
    }
    List<Double> sorted = figures.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }
}
