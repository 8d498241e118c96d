package socketserver.differential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All the scenarios, by what they are about. */
final class Tables {
  static final Map<String, List<Scenario<?, ?>>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("reading lines", LineReading.scenarios());
    ALL.put("reading bytes", ByteReading.scenarios());
    ALL.put("reading what has come", Peeking.scenarios());
    ALL.put("reading with and without a buffer", ReadBuffers.scenarios());
    ALL.put("receiving", Receiving.scenarios());
    ALL.put("receiving with flags", ReceivingFlags.scenarios());
    ALL.put("writing", StreamWriting.scenarios());
    ALL.put("writing with a buffer", WriteBuffers.scenarios());
    ALL.put("sending", Sending.scenarios());
    ALL.put("half-closing", HalfClosing.scenarios());
    ALL.put("closing", Closing.scenarios());
    ALL.put("hanging up", HangUps.scenarios());
    ALL.put("the order of hooks", HookOrder.scenarios());
    ALL.put("failing hooks", FailingHooks.scenarios());
    ALL.put("serving", Serving.scenarios());
    ALL.put("handle_request", HandleRequest.scenarios());
    ALL.put("binding", Binding.scenarios());
    ALL.put("handler factories", Factories.scenarios());
    ALL.put("threads", Threads.scenarios());
    ALL.put("closing a threading server", ThreadClosing.scenarios());
    ALL.put("time-outs", TimeOuts.scenarios());
    ALL.put("datagrams", Datagrams.scenarios());
    ALL.put("datagrams' hooks", DatagramHooks.scenarios());
    ALL.put("datagram answers", DatagramAnswers.scenarios());
    ALL.put("paths", UnixStreams.scenarios());
    ALL.put("datagrams by paths", UnixDatagrams.scenarios());
  }

  private Tables() {}
}
