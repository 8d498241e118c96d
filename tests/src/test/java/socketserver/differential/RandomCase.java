package socketserver.differential;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A stream of lines cut into chunks at random, and calls made at random to read it. The same seed
 * and number give the same case.
 *
 * @param readBuffer the handler's rbufsize
 * @param writeBuffer the handler's wbufsize
 * @param chunks what the client sends, one when the handler asks for more
 * @param calls what the handler calls, each with its argument
 */
record RandomCase(int readBuffer, int writeBuffer, List<String> chunks, List<Call> calls) {
  /**
   * A call of the handler.
   *
   * @param name its name in Python
   * @param size its argument, -1 for none
   */
  record Call(String name, int size) {}

  private static final int[] READ_BUFFERS = {8192, 8192, 8192, 0, 1, 2, 4, 5, 16, 100};
  private static final int[] WRITE_BUFFERS = {0, 0, -1, 1, 7, 64};
  private static final String[] BUFFERED = {
    "read", "readline", "readline", "read1", "peek", "readinto", "recv", "more"
  };

  /** A file without a buffer has no read1 and no peek in Python. */
  private static final String[] UNBUFFERED = {"read", "readline", "readinto", "recv", "more"};

  static RandomCase of(long seed, int number) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    int readBuffer = READ_BUFFERS[random.nextInt(READ_BUFFERS.length)];
    int writeBuffer = WRITE_BUFFERS[random.nextInt(WRITE_BUFFERS.length)];
    String[] names = readBuffer == 0 ? UNBUFFERED : BUFFERED;
    List<Call> calls = new ArrayList<>();
    for (int n = random.nextInt(2, 14); n > 0; n--) {
      String name = names[random.nextInt(names.length)];
      calls.add(new Call(name, size(name, random)));
    }
    return new RandomCase(readBuffer, writeBuffer, chunks(random), calls);
  }

  private static int size(String name, SplittableRandom random) {
    int size = random.nextInt(5) == 0 ? random.nextInt(9000) : random.nextInt(1, 25);
    boolean endless = name.equals("readline") || name.equals("read1");
    return endless && random.nextInt(3) == 0 ? -1 : size;
  }

  private static List<String> chunks(SplittableRandom random) {
    List<String> chunks = new ArrayList<>();
    for (int n = random.nextInt(0, 9); n > 0; n--) {
      int length = random.nextInt(8) == 0 ? random.nextInt(1, 10_000) : random.nextInt(1, 40);
      int density = random.nextInt(1, 20);
      StringBuilder chunk = new StringBuilder();
      while (chunk.length() < length) {
        int kind = random.nextInt(density);
        chunk.append(kind == 0 ? '\n' : kind == 1 ? '\r' : (char) random.nextInt(256));
      }
      chunks.add(chunk.toString());
    }
    return chunks;
  }

  /** The case as the handlers get it. */
  void addTo(JsonObject parameters) {
    parameters.addProperty("rbufsize", readBuffer);
    parameters.addProperty("wbufsize", writeBuffer);
    JsonArray sizes = new JsonArray();
    chunks.forEach(sizes::add);
    parameters.add("chunks", sizes);
    JsonArray named = new JsonArray();
    for (Call call : calls) {
      JsonArray pair = new JsonArray();
      pair.add(call.name());
      pair.add(call.size());
      named.add(pair);
    }
    parameters.add("calls", named);
  }
}
