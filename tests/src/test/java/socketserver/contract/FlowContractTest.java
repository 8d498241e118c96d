package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ConnectionException;
import socketserver.SocketWriter;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;

/** Much data: what is held back when the other side does not read, many writers, and files. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#all")
class FlowContractTest extends ConnectionFixture {
  private static final int MEBI = 1 << 20;

  /** What the system may hold of a connection whose buffers were made small, both ends together. */
  private static final int SMALL = 64 << 10;

  /** More than the library and the system hold of such a connection. */
  private static final int FAR_MORE = 32 * MEBI;

  @TempDir Path folder;

  FlowContractTest(StreamSetting setting) {
    super(setting);
  }

  // Back-pressure

  @Test
  void aWriterWaitsWhileThePeerDoesNotReadAndGoesOnWhenItDoes() throws Exception {
    byte[] data = Pattern.bytes(FAR_MORE);
    PendingCall<Void> write = PendingCall.run(() -> socket.sendall(data)).awaitBlocked();
    assertFalse(write.isDone());
    byte[] received = peer.receive(FAR_MORE);
    assertArrayEquals(data, received);
    write.result();
  }

  @Test
  void whatIsTakenFromAWriterIsBounded() throws IOException {
    smallBuffers();
    socket.setblocking(false);
    long taken = 0;
    byte[] chunk = new byte[8192];
    try {
      while (taken < FAR_MORE) {
        taken += socket.send(chunk);
      }
    } catch (WouldBlockException e) {
      // full: the loop may drain some more to the system, and no more than that
    }
    long more = 0;
    for (int i = 0; i < 1000; i++) {
      try {
        more += socket.send(chunk);
      } catch (WouldBlockException e) {
        Thread.onSpinWait();
      }
    }
    assertTrue(taken + more < 4 * MEBI, taken + more + " bytes were taken and nobody reads");
  }

  @Test
  void whatIsReadAheadOfAReaderIsBounded() throws IOException {
    smallBuffers();
    long sent = peer.sendUntilStuck(FAR_MORE);
    assertTrue(sent < 4 * MEBI, sent + " bytes were taken and nobody reads");
    byte[] received = receive(socket, (int) sent);
    Pattern.check(received, received.length, 0);
    // and it goes on
    peer.send("more");
    assertArrayEquals("more".getBytes(java.nio.charset.StandardCharsets.UTF_8), receive(socket, 4));
  }

  @Test
  void manySmallPiecesAreReadAheadWithinBounds() throws Exception {
    boolean unix = kind.family() == StandardProtocolFamily.UNIX;
    if (!unix) {
      peer.channel().setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
    }
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              ByteBuffer one = ByteBuffer.allocate(1);
              for (int i = 0; i < 20_000; i++) {
                one.put(0, Pattern.at(i)).clear();
                peer.channel().write(one);
              }
            });
    if (!unix) {
      // there the system keeps each piece by itself, and has no room for as many
      sending.result();
    }
    byte[] received = receive(socket, 20_000);
    Pattern.check(received, 20_000, 0);
    sending.result();
  }

  @Test
  void aReaderThatStopsAndGoesOnLosesNothing() throws Exception {
    int size = 8 * MEBI;
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              peer.send(Pattern.bytes(size));
              peer.end();
            });
    byte[] chunk = new byte[100_000];
    long position = 0;
    while (position < size) {
      // from nearly nothing to more than is ever queued
      int want = (int) (position * 31 % chunk.length) + 1;
      int count = socket.recvInto(chunk, 0, want);
      Pattern.check(chunk, count, position);
      position += count;
    }
    assertEquals(0, socket.recvInto(chunk));
    sending.result();
  }

  private void smallBuffers() throws IOException {
    socket.setsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_SNDBUF, SMALL);
    socket.setsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_RCVBUF, SMALL);
    peer.channel().setOption(java.net.StandardSocketOptions.SO_SNDBUF, SMALL);
    peer.channel().setOption(java.net.StandardSocketOptions.SO_RCVBUF, SMALL);
  }

  // Writers

  @Test
  void manyWritesOfOneByteArriveInOrder() throws Exception {
    int count = 100_000;
    SocketWriter wfile = opened.add(socket.makefileWriter(0));
    PendingCall<Void> writing =
        PendingCall.run(
            () -> {
              for (int i = 0; i < count; i++) {
                wfile.write(Pattern.at(i));
              }
            });
    byte[] received = peer.receive(count);
    Pattern.check(received, count, 0);
    writing.result();
  }

  @Test
  void whatManyWritersWriteDoesNotMix() throws Exception {
    int writers = 8;
    int records = 2000;
    List<PendingCall<Void>> writing = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      byte writer = (byte) w;
      writing.add(
          PendingCall.run(
              () -> {
                for (int i = 0; i < records; i++) {
                  socket.sendall(record(writer, i));
                }
              }));
    }
    int[] next = new int[writers];
    for (int i = 0; i < writers * records; i++) {
      byte[] record = peer.receive(RECORD);
      int writer = record[0];
      assertArrayEquals(record((byte) writer, next[writer]), record, "record " + i);
      next[writer]++;
    }
    for (PendingCall<Void> writer : writing) {
      writer.result();
    }
  }

  private static final int RECORD = 100;

  private static byte[] record(byte writer, int number) {
    ByteBuffer record = ByteBuffer.allocate(RECORD);
    while (record.remaining() >= 5) {
      record.put(writer).putInt(number);
    }
    return record.array();
  }

  @Test
  void writesOfEverySizeArriveWhole() throws Exception {
    int[] sizes = {1, 511, 512, 513, 8191, 65_535, 65_536, 65_537, 131_072, 131_073, MEBI + 1};
    int total = java.util.Arrays.stream(sizes).sum();
    byte[] data = Pattern.bytes(total);
    PendingCall<Void> writing =
        PendingCall.run(
            () -> {
              int position = 0;
              for (int size : sizes) {
                socket.sendall(data, position, size);
                position += size;
              }
            });
    assertArrayEquals(data, peer.receive(total));
    writing.result();
  }

  // Files

  private FileChannel file(int size) throws IOException {
    Path path = Files.write(folder.resolve("file-" + size), Pattern.bytes(size));
    return opened.add(FileChannel.open(path, StandardOpenOption.READ));
  }

  @Test
  void aFileIsSentFromItsFirstByteToItsLast() throws IOException {
    FileChannel file = file(10_000);
    file.position(1000);
    assertEquals(10_000, socket.sendfile(file));
    assertEquals(10_000, file.position());
    assertTrue(file.isOpen());
    Pattern.check(peer.receive(10_000), 10_000, 0);
  }

  @Test
  void aPartOfAFileIsSent() throws IOException {
    FileChannel file = file(10_000);
    assertEquals(300, socket.sendfile(file, 2000, 300));
    assertEquals(2300, file.position());
    Pattern.check(peer.receive(300), 300, 2000);
  }

  @Test
  void noMoreThanTheFileHasIsSent() throws IOException {
    FileChannel file = file(10_000);
    assertEquals(100, socket.sendfile(file, 9900, 5000));
    assertEquals(0, socket.sendfile(file, 10_000, 5));
    assertEquals(0, socket.sendfile(file, 20_000, 5));
    Pattern.check(peer.receive(100), 100, 9900);
    socket.sendall("!");
    assertEquals("!", peer.receiveText(1));
  }

  @Test
  void anEmptyFileIsSentAsNothing() throws IOException {
    assertEquals(0, socket.sendfile(file(0)));
    socket.sendall("!");
    assertEquals("!", peer.receiveText(1));
  }

  @Test
  void aLargeFileIsSentWholeBetweenWhatWasWrittenBeforeAndAfter() throws Exception {
    int size = 20 * MEBI;
    FileChannel file = file(size);
    byte[] before = Pattern.bytes(100_000);
    PendingCall<Long> sending =
        PendingCall.call(
            () -> {
              for (int i = 0; i < 100; i++) {
                socket.sendall(before, i * 1000, 1000);
              }
              long sent = socket.sendfile(file);
              socket.sendall("after");
              return sent;
            });
    assertArrayEquals(before, peer.receive(before.length));
    Pattern.check(peer.receive(size), size, 0);
    assertEquals("after", peer.receiveText(5));
    assertEquals(size, sending.result());
  }

  @Test
  void closeRightAfterAFileDeliversIt() throws Exception {
    int size = 20 * MEBI;
    FileChannel file = file(size);
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              socket.sendfile(file);
              socket.close();
            });
    byte[] received = peer.receiveAll();
    assertEquals(size, received.length);
    Pattern.check(received, size, 0);
    sending.result();
  }

  @Test
  void theSameFileIsSentManyTimes() throws Exception {
    FileChannel file = file(1000);
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              for (int i = 0; i < 200; i++) {
                assertEquals(1000, socket.sendfile(file, 0, 1000));
              }
            });
    for (int i = 0; i < 200; i++) {
      Pattern.check(peer.receive(1000), 1000, 0);
    }
    sending.result();
  }

  @Test
  void impossiblePartsOfFilesAreRefused() throws IOException {
    FileChannel file = file(10);
    assertThrows(IllegalArgumentException.class, () -> socket.sendfile(file, -1, 5));
    assertThrows(IllegalArgumentException.class, () -> socket.sendfile(file, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> socket.sendfile(file, 0, -5));
    socket.setblocking(false);
    assertThrows(IllegalArgumentException.class, () -> socket.sendfile(file));
  }

  @Test
  void aFileOverItsTimeFails() throws IOException {
    FileChannel file = file(FAR_MORE);
    socket.settimeout(Duration.ofMillis(200));
    assertThrows(SocketTimeoutException.class, () -> socket.sendfile(file));
  }

  @Test
  void aFileThatWaitsEndsWhenThePeerGoes() throws IOException {
    PendingCall<Long> sending = startFile();
    reset();
    sending.failure(ConnectionException.class);
  }

  @Test
  void aFileThatWaitsEndsWithClose() throws IOException {
    PendingCall<Long> sending = startFile();
    socket.close();
    sending.failure(SocketException.class);
  }

  @Test
  void aFileThatWaitsEndsWithAnInterrupt() throws IOException {
    PendingCall<Long> sending = startFile();
    sending.thread().interrupt();
    sending.failure(InterruptedIOException.class);
  }

  private PendingCall<Long> startFile() throws IOException {
    FileChannel file = file(FAR_MORE);
    return PendingCall.call(() -> socket.sendfile(file)).awaitBlocked();
  }

  @Test
  void noFileCanBeSentAfterTheEnd() throws IOException {
    FileChannel file = file(10);
    socket.shutdown(StreamSocket.SHUT_WR);
    assertThrows(socketserver.BrokenPipeException.class, () -> socket.sendfile(file));
    socket.close();
    assertThrows(SocketException.class, () -> socket.sendfile(file));
  }
}
