package socketserver.bench.report;

/**
 * How a goal was met.
 *
 * @param goal what was to be reached
 * @param ours the contestant that was judged; null if none was measured
 * @param peer the one that it was compared with; null if there is none
 * @param ourMedian the median of its rounds; null if none was measured
 * @param peerMedian that of the other; null if there is none
 * @param measured the ratio, or the figure where the goal is one; null if it could not be measured
 */
public record Verdict(
    Goal goal, String ours, String peer, Double ourMedian, Double peerMedian, Double measured) {
  /** Whether what was measured is good enough. */
  public boolean met() {
    return measured != null
        && (goal.metric().moreIsBetter() ? measured >= goal.limit() : measured <= goal.limit());
  }

  /** In a word. */
  public String word() {
    return measured == null ? "not measured" : met() ? "met" : "missed";
  }
}
