package socketserver.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import socketserver.StreamRequestHandler;

/**
 * All of it: a line of 64 bytes over a connection to a handler and back, by a client that allocates
 * nothing. What is allocated is the server's: the line, and what the event loop needs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EchoBenchmark {
  private static final int LENGTH = 64;
  private static final int DEPTH = 16;

  private final byte[] request = Lines.text(DEPTH, LENGTH);
  private final byte[] answer = new byte[DEPTH * LENGTH];
  private LoopbackServer server;
  private Socket client;

  private static final class Echo extends StreamRequestHandler {
    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }

    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  /** Connects. */
  @Setup(Level.Trial)
  public void connect() throws IOException {
    server = new LoopbackServer(Echo::new);
    client = new Socket(InetAddress.getLoopbackAddress(), server.port());
    client.setTcpNoDelay(true);
  }

  /** Disconnects. */
  @TearDown(Level.Trial)
  public void disconnect() throws IOException {
    client.close();
    server.close();
  }

  /** A line at a time. */
  @Benchmark
  public int oneLine() throws IOException {
    return exchange(LENGTH);
  }

  /** Sixteen lines at a time; the figures are those of one. */
  @Benchmark
  @OperationsPerInvocation(DEPTH)
  public int sixteenLines() throws IOException {
    return exchange(DEPTH * LENGTH);
  }

  private int exchange(int length) throws IOException {
    client.getOutputStream().write(request, 0, length);
    return client.getInputStream().readNBytes(answer, 0, length);
  }
}
