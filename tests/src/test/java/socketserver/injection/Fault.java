package socketserver.injection;

/** What may happen to a thread anywhere. */
enum Fault {
  OUT_OF_MEMORY {
    @Override
    void happen() {
      throw new OutOfMemoryError("injected");
    }
  },
  LINKAGE {
    @Override
    void happen() {
      throw new NoClassDefFoundError("injected");
    }
  },
  INTERRUPT {
    @Override
    void happen() {
      Thread.currentThread().interrupt();
    }
  };

  abstract void happen();

  /** Whether it is thrown, and so has to be reported. */
  boolean isThrown() {
    return this != INTERRUPT;
  }
}
