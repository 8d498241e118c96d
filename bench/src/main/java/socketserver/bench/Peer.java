package socketserver.bench;

/** Whose a server is. */
enum Peer {
  SOCKETSERVER("socketserver", "socketserver"),
  DIESEL("diesel", "Diesel"),
  JAVA_NET("java.net", "java.net"),
  NETTY("netty", "Netty by hand"),
  JUNIXSOCKET("junixsocket", "junixsocket"),
  CPYTHON("python", "CPython");

  private final String word;
  private final String title;

  Peer(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /** What the server program knows it by. */
  String word() {
    return word;
  }

  /** What the reports call it. */
  String title() {
    return title;
  }
}
