package socketserver.bench.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives each line of a client to all: the thread of one writes to the connections of the others.
 */
final class ChatRoom implements Conversation {
  private final Set<OutputStream> members = ConcurrentHashMap.newKeySet();

  @Override
  public void hold(InputStream in, OutputStream out) throws IOException {
    members.add(out);
    try {
      PlainLines.each(in, this::say);
    } finally {
      members.remove(out);
    }
  }

  private void say(byte[] buffer, int offset, int length) {
    for (OutputStream member : members) {
      try {
        // a socket's stream may send the lines of two threads mixed
        synchronized (member) {
          member.write(buffer, offset, length);
        }
      } catch (IOException e) {
        // a client has gone, as its own thread finds too
      }
    }
  }
}
