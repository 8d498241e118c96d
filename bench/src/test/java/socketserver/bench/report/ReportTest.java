package socketserver.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a run. */
class ReportTest {
  private static final Pattern DATA =
      Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");

  private static Run run() {
    var machine =
        new Machine("today", "Linux 6", "</script><b>", 2, 4_096, List.of("Java 17"), 3, 2, false);
    var table = new Table.Builder("One request", "ms");
    table.add("mine", "theirs", 3);
    table.add("theirs", "theirs", 2);
    return new Run(machine, List.of(GoalTest.RESULT), List.of(table.table()));
  }

  private static List<Verdict> verdicts() {
    var goal = new Goal("a", "lines", List.of("ours"), List.of("peer"), Metric.RATE, 2.5);
    return List.of(goal.judge(run().results()));
  }

  private static JsonNode data(String page) throws IOException {
    Matcher data = DATA.matcher(page);
    assertTrue(data.find());
    return new ObjectMapper().readTree(data.group(1));
  }

  @Test
  void hasItsDataInThePage() throws IOException {
    JsonNode data = data(HtmlFile.page(run(), verdicts()));
    JsonNode workload = data.get("workloads").get(0);
    JsonNode ours = workload.get("lines").get(0);
    assertEquals("</script><b>", data.get("machine").get("processor").asText());
    assertEquals(200, ours.get("rate").get("median").asDouble());
    assertEquals(100, ours.get("rate").get("least").asDouble());
    assertEquals(10, ours.get("cpu").get("median").asDouble());
    assertEquals(7, ours.get("latency").get(6).asDouble());
    assertEquals("peer", workload.get("peers").get(0).asText());
    assertEquals(2, ours.get("ratios").get(0).asDouble());
    assertTrue(ours.get("ratios").get(1).isNull());
    assertEquals("did not start", workload.get("lines").get(3).get("failure").asText());
    assertEquals("missed", data.get("targets").get(0).get("word").asText());
    assertEquals(1.5, data.get("tables").get(0).get("rows").get(0).get("ratio").asDouble());
  }

  @Test
  void loadsNothingFromAnywhere() throws IOException {
    String page = HtmlFile.page(run(), verdicts());
    String elements = page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1");
    assertFalse(elements.matches("(?s).*(src|href)=\"(?!data:|#).*"), elements);
    assertFalse(elements.contains("url("));
    assertFalse(elements.contains("@import"));
    assertFalse(page.contains("sourceMappingURL"));
    assertFalse(page.matches("(?s).*(fetch|importScripts|XMLHttpRequest)\\(.*"));
    assertTrue(page.contains("Chart.js v4"), "the chart library is within");
  }

  @Test
  void keepsEachSampleOfEachRoundAndTheRatios(@TempDir Path place) throws IOException {
    Path file = place.resolve("new/figures.json");
    JsonFile.write(run(), file);
    JsonNode result = new ObjectMapper().readTree(file.toFile()).get("results").get(0);
    JsonNode samples = result.get("outcomes").get(0).get("samples");
    assertEquals("lines", result.get("workload").asText());
    assertEquals(3, samples.size());
    assertEquals(2, samples.get(1).get("round").asInt());
    assertEquals(100, samples.get(1).get("requests").asInt());
    assertEquals(1_000, samples.get(1).get("cpuMicros").asDouble());
    assertEquals(2_048, samples.get(1).get("residentKib").asInt());
    JsonNode ratio = result.get("ratios").get(0);
    assertEquals("ours", ratio.get("ours").asText());
    assertEquals("peer", ratio.get("peer").asText());
    assertEquals(2, ratio.get("times").asDouble());
  }

  @Test
  void isPrintedWithARatioToEachPeer() {
    var printed = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8));
    console.print(run().machine());
    run().results().forEach(console::print);
    run().tables().forEach(console::print);
    console.print(run().machine(), verdicts());
    String text = printed.toString(StandardCharsets.UTF_8);
    for (String part :
        List.of(
            "rounds: 3 of 2 s",
            "200  (100 to 300)",
            "ours is 2 x peer",
            "ours too is 2.40 x peer",
            "did not start",
            "1.50 x theirs",
            "medians of 3 interleaved rounds of 2 s")) {
      assertTrue(text.contains(part), part + " is not in:\n" + text);
    }
    assertTrue(
        text.matches("(?s).*\\n  a  lines +throughput +ours +200  peer +100 +2  >= 2.50 +missed\n"),
        text);
  }
}
