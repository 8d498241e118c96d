package socketserver.bench.report;

import java.util.Locale;

/**
 * Figures as people read them: whole ones as they are, others with three digits that count, or all
 * before the point.
 */
final class Numbers {
  private Numbers() {}

  static String text(double figure) {
    double size = Math.abs(figure);
    int decimals =
        size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
    return String.format(Locale.ROOT, "%,." + decimals + "f", figure);
  }
}
