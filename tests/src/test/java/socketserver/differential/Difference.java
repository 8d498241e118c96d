package socketserver.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * Where two transcripts differ, or are expected to.
 *
 * @param reason why, where it is on purpose
 * @param pythonOnly the lines that only Python's has, in order
 * @param javaOnly the lines that only ours has, in order
 */
record Difference(String reason, List<String> pythonOnly, List<String> javaOnly) {
  /** Compares by the longest common subsequence of lines. */
  static Difference between(List<String> python, List<String> java) {
    int[][] common = new int[python.size() + 1][java.size() + 1];
    for (int p = python.size() - 1; p >= 0; p--) {
      for (int j = java.size() - 1; j >= 0; j--) {
        common[p][j] =
            python.get(p).equals(java.get(j))
                ? common[p + 1][j + 1] + 1
                : Math.max(common[p + 1][j], common[p][j + 1]);
      }
    }
    List<String> pythonOnly = new ArrayList<>();
    List<String> javaOnly = new ArrayList<>();
    int p = 0;
    int j = 0;
    while (p < python.size() || j < java.size()) {
      if (p < python.size() && j < java.size() && python.get(p).equals(java.get(j))) {
        p++;
        j++;
      } else if (j == java.size() || p < python.size() && common[p + 1][j] >= common[p][j + 1]) {
        pythonOnly.add(python.get(p++));
      } else {
        javaOnly.add(java.get(j++));
      }
    }
    return new Difference("", pythonOnly, javaOnly);
  }

  boolean isEmpty() {
    return pythonOnly.isEmpty() && javaOnly.isEmpty();
  }
}
