package socketserver.unix.fork;

import java.io.IOException;

/** What a child tells its parent: one byte. */
enum Answer {
  /** It has its end of the channel, which is to block. */
  HELLO,
  /** It has rehearsed, and can be handed a request. */
  READY,
  /** It has the request: if it ends now, the request is not handed to another. */
  TAKEN,
  /** It has handled the request. */
  DONE,
  /** It has handled the request, and the handler failed. */
  FAILED;

  void send(DescriptorChannel channel) throws IOException {
    channel.send(new byte[] {(byte) ordinal()}, -1);
  }

  static Answer receive(DescriptorChannel channel) throws IOException {
    byte[] answer = new byte[1];
    channel.read(answer);
    return values()[answer[0]];
  }
}
