package socketserver.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One figure of several contestants, each beside the peer that it is compared with.
 *
 * @param title what the figure is
 * @param unit what it is counted in
 * @param rows of the contestants
 */
public record Table(String title, String unit, List<Row> rows) {
  /**
   * What was measured of one.
   *
   * @param contestant its name
   * @param peer the name of the one that it is compared with, which may be its own
   * @param figures in the order in which they came
   */
  public record Row(String contestant, String peer, List<Double> figures) {
    Spread spread() {
      return Spread.of(figures);
    }
  }

  /** Takes figures as they come. */
  public static final class Builder {
    private final String title;
    private final String unit;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** Begins a table. */
    public Builder(String title, String unit) {
      this.title = title;
      this.unit = unit;
    }

    /** Takes a figure of a contestant. */
    public void add(String contestant, String peer, double figure) {
      rows.computeIfAbsent(contestant, name -> new Row(name, peer, new ArrayList<>()))
          .figures()
          .add(figure);
    }

    /** The table of what it has taken. */
    public Table table() {
      return new Table(title, unit, List.copyOf(rows.values()));
    }
  }

  /** How many times the median of its peer's the median of a row is. */
  double ratio(Row row) {
    Row peer =
        rows.stream().filter(one -> one.contestant().equals(row.peer())).findFirst().orElse(row);
    return row.spread().median() / peer.spread().median();
  }
}
