package socketserver.bench.server;

/** A server that listens. */
interface Served {
  /** Where: {@code port N} or {@code path P}. */
  String address();

  /** Serves until the process ends, which closes what is open. */
  void serve() throws Exception;

  /** A server of which the address is known. */
  static Served of(String address, Serving serving) {
    return new Served() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public void serve() throws Exception {
        serving.serve();
      }
    };
  }

  /** What serves. */
  interface Serving {
    void serve() throws Exception;
  }
}
