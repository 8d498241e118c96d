package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The voice menu, byte for byte. */
@Timeout(120)
class VoiceMenuTest {
  static final String WELCOME = "欢迎致电 10086,请输入1xxx,0转人工服务.";
  static final String ANNOUNCEMENT = "通过可能会被录音.balabala一大推";
  static final String AGAIN = "请重新输入.";

  @Test
  void answersUntilExit() throws Exception {
    try (var server = new Serving(VoiceMenu.server(Serving.anyPort()))) {
      callUntilExit(server.port());
    }
  }

  @Test
  void answersAsPythonDoes() throws Exception {
    try (var python = Program.python("voice_menu.py", "0")) {
      callUntilExit(python.port());
    }
  }

  static void callUntilExit(int port) throws Exception {
    try (var peer = new Peer(port)) {
      assertEquals(WELCOME, peer.readLike(WELCOME));
      peer.send("1");
      assertEquals(AGAIN, peer.readLike(AGAIN));
      peer.send("0");
      assertEquals(ANNOUNCEMENT, peer.readLike(ANNOUNCEMENT));
      peer.send("转人工");
      assertEquals(AGAIN, peer.readLike(AGAIN));
      // compared whole, as in the original: with a line feed it is another word
      peer.send("exit\n");
      assertEquals(AGAIN, peer.readLike(AGAIN));
      peer.send("exit");
      assertEquals("", peer.readToEnd());
    }
  }

  @Test
  void hangsUpWhenTheCallerDoes() throws Exception {
    try (var server = new Serving(VoiceMenu.server(Serving.anyPort()));
        var peer = new Peer(server.port())) {
      assertEquals(WELCOME, peer.readLike(WELCOME));
      peer.send("0");
      peer.endOutput();
      assertEquals(ANNOUNCEMENT, peer.readToEnd());
    }
  }

  @Test
  void talksWithManyCallersAtOnce() throws Exception {
    Random random = new Random(10086);
    try (var server = new Serving(VoiceMenu.server(Serving.anyPort()))) {
      Peer[] peers = new Peer[20];
      try {
        for (int i = 0; i < peers.length; i++) {
          peers[i] = new Peer(server.port());
          assertEquals(WELCOME, peers[i].readLike(WELCOME));
        }
        for (int turn = 0; turn < 200; turn++) {
          Peer peer = peers[random.nextInt(peers.length)];
          boolean announcement = random.nextBoolean();
          peer.send(announcement ? "0" : "1" + turn);
          String expected = announcement ? ANNOUNCEMENT : AGAIN;
          assertEquals(expected, peer.readLike(expected));
        }
        for (Peer peer : peers) {
          peer.send("exit");
          assertEquals("", peer.readToEnd());
        }
      } finally {
        for (Peer peer : peers) {
          if (peer != null) {
            peer.close();
          }
        }
      }
    }
  }
}
