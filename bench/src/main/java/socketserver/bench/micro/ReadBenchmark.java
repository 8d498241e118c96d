package socketserver.bench.micro;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import socketserver.SocketReader;

/** Bytes out of the buffer, and past it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadBenchmark {
  private final SocketReader reader = new SocketReader(new Lines(64));
  private final byte[] small = new byte[100];
  private final byte[] large = new byte[64 << 10];

  /** A byte. */
  @Benchmark
  public int read() throws IOException {
    return reader.read();
  }

  /** A hundred bytes into an array. */
  @Benchmark
  public int readIntoSmallArray() throws IOException {
    return reader.read(small);
  }

  /** Up to 64 KiB into an array: past the buffer. */
  @Benchmark
  public int readIntoLargeArray() throws IOException {
    return reader.read(large);
  }

  /** A hundred bytes as an array. */
  @Benchmark
  public byte[] read100() throws IOException {
    return reader.read(100);
  }

  /** 64 KiB as an array. */
  @Benchmark
  public byte[] read65536() throws IOException {
    return reader.read(64 << 10);
  }
}
