package socketserver.contract;

/** The contract over NIO. */
class NioContractTest extends InternetContract {
  NioContractTest() {
    super(Mechanism.NIO);
  }
}
