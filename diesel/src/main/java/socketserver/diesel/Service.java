package socketserver.diesel;

/** A service. */
public class Service {
  void join(Application app) {}

  void open() {}

  void close() {}
}
