package socketserver.contract;

/** The contract over epoll. */
class EpollContractTest extends InternetContract {
  EpollContractTest() {
    super(Mechanism.EPOLL);
  }
}
