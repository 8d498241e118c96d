package socketserver.contract;

/** The contract over io_uring. */
class IoUringContractTest extends InternetContract {
  IoUringContractTest() {
    super(Mechanism.IO_URING);
  }
}
