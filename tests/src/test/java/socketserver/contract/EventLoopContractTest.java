package socketserver.contract;

import socketserver.fixture.Strategy;

/** The contract in virtual threads that event loops run. */
class EventLoopContractTest extends OnStrategy {
  EventLoopContractTest() {
    super(Strategy.EVENTLOOP);
  }
}
