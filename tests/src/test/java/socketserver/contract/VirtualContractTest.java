package socketserver.contract;

import socketserver.fixture.Strategy;

/** The contract in virtual threads. */
class VirtualContractTest extends OnStrategy {
  VirtualContractTest() {
    super(Strategy.VIRTUAL);
  }
}
