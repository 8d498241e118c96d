package socketserver.bench.micro;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;

/** A line of 64 bytes into a writer: over a stream that drops it, and over a connection. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WriteBenchmark {
  private final byte[] line = new byte[64];
  private final SocketWriter unbuffered = new SocketWriter(OutputStream.nullOutputStream());
  private final SocketWriter buffered = new SocketWriter(OutputStream.nullOutputStream(), -1);

  private LoopbackServer server;
  private StreamSocket socket;

  /** A handler has one, too: it is asked whether more answers will follow. */
  private SocketReader fromConnection;

  private SocketWriter toConnection;
  private SocketWriter toConnectionBuffered;

  /** Reads on and keeps nothing. */
  private static final class Discard extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      byte[] piece = new byte[64 << 10];
      while (rfile.read(piece) >= 0) {
        // nobody wants it
      }
    }
  }

  /** Connects. */
  @Setup(Level.Trial)
  public void connect() throws IOException {
    server = new LoopbackServer(Discard::new);
    socket = StreamSocket.connect(server.address());
    fromConnection = socket.makefileReader(-1);
    toConnection = socket.makefileWriter(0);
    toConnectionBuffered = socket.makefileWriter(-1);
  }

  /** Disconnects. */
  @TearDown(Level.Trial)
  public void disconnect() throws IOException {
    toConnection.close();
    toConnectionBuffered.close();
    fromConnection.close();
    socket.close();
    server.close();
  }

  /** Straight to the stream. */
  @Benchmark
  public void unbuffered() throws IOException {
    unbuffered.write(line);
  }

  /** By way of the buffer, and to the stream when that is full. */
  @Benchmark
  public void buffered() throws IOException {
    buffered.write(line);
  }

  /** A byte by way of the buffer. */
  @Benchmark
  public void bufferedByte() throws IOException {
    buffered.write('x');
  }

  /** To a peer that reads as fast as it can. */
  @Benchmark
  public void connection() throws IOException {
    toConnection.write(line);
  }

  /** By way of the buffer to a peer that reads as fast as it can. */
  @Benchmark
  public void connectionBuffered() throws IOException {
    toConnectionBuffered.write(line);
  }
}
