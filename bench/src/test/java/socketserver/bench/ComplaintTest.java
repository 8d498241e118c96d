package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says that went wrong. */
class ComplaintTest {
  @ParameterizedTest
  @CsvSource({
    "'Exception in thread \"main\" java.lang.Error: no;\tat A.b(C.java)', java.lang.Error: no",
    "'Traceback (most recent call last):;  File x;OSError: in use', OSError: in use",
    "'unknown strategy: x;usage: Serve;  a b', unknown strategy: x",
    "'[main] WARN a.B - careful;;no class', no class",
    "'', it said nothing"
  })
  void isTheLineThatSaysMost(String lines, String complaint) {
    assertEquals(complaint, Complaint.in(List.of(lines.split(";"))));
  }
}
