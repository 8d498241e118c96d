package socketserver.bench.micro;

import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import socketserver.SocketReader;

/** A line out of the buffer. The lengths divide no buffer's size, so that some lines are cut. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadlineBenchmark {
  /** How long a line is, with its end, in bytes. */
  @Param({"17", "67", "1031", "20011"})
  public int length;

  private SocketReader reader;
  private Iterator<byte[]> lines;

  /** Makes the reader. */
  @Setup
  public void open() {
    reader = new SocketReader(new Lines(length));
    lines = reader.iterator();
  }

  /** One call. */
  @Benchmark
  public byte[] readline() throws IOException {
    return reader.readline();
  }

  /** One turn of {@code for (byte[] line : rfile)}. */
  @Benchmark
  public byte[] iteration() {
    return lines.next();
  }
}
