package socketserver.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One figure of several contestants, each beside the peer that it is compared with. */
final class Table {
  /** From how many figures on it says how slow the slow ones are. */
  private static final int ENOUGH = 10;

  private final String title;
  private final String unit;
  private final String number;
  private final Map<String, Row> rows = new LinkedHashMap<>();

  private record Row(String peer, Figures figures) {}

  Table(String title, String unit, int decimals) {
    this.title = title;
    this.unit = unit;
    this.number = "%,." + decimals + "f";
  }

  void add(String contestant, String peer, double value) {
    rows.computeIfAbsent(contestant, name -> new Row(peer, new Figures())).figures().add(value);
  }

  void print() {
    Progress.clear();
    System.out.printf("%n%s%n", title);
    rows.forEach(this::print);
  }

  private void print(String contestant, Row row) {
    Figures figures = row.figures();
    String tail = figures.count() < ENOUGH ? "" : "p90 " + text(figures.percentile(90)) + " ";
    System.out.printf(
        "  %-42s %9s%s  %s(%s to %s)  %s%n",
        contestant,
        text(figures.median()),
        unit,
        tail,
        text(figures.least()),
        text(figures.most()),
        contestant.equals(row.peer()) ? "" : ratio(figures, row.peer()));
  }

  private String ratio(Figures figures, String peer) {
    double ratio = figures.median() / rows.get(peer).figures().median();
    return String.format(Locale.ROOT, ratio < 0.1 ? "%.4f x %s" : "%.2f x %s", ratio, peer);
  }

  private String text(double value) {
    return String.format(Locale.ROOT, number, value);
  }
}
