package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketReader;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.netty.Pipelines;

/** Who the peers of a TLS connection are to one another, and what they have agreed on. */
@Timeout(60)
class PeerIdentityTest {
  private static final long SECONDS = 30;

  private static SSLParameters wanting() {
    SSLParameters parameters = Contexts.ASKING_SERVER.getDefaultSSLParameters();
    parameters.setWantClientAuth(true);
    return parameters;
  }

  private static SSLParameters protocols(SSLContext context, String... names) {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setApplicationProtocols(names);
    return parameters;
  }

  /** Says on a line who the client is. */
  private static void greet(StreamRequestHandler handler) throws IOException {
    String name;
    try {
      var certificates = handler.request.tlsSession().getPeerCertificates();
      name = ((X509Certificate) certificates[0]).getSubjectX500Principal().getName();
    } catch (SSLPeerUnverifiedException e) {
      name = "nobody";
    }
    handler.wfile.write("hello " + name + "\n");
  }

  private static String greeting(RunningServer server, SSLContext client, String protocol)
      throws IOException {
    try (SSLSocket socket = Peers.tls(server.address(), client, protocol)) {
      return Peers.readLine(socket);
    }
  }

  // Client certificates

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatNeedsACertificateLearnsWhoTheClientIs(String protocol) throws Exception {
    try (RunningServer server =
        RunningServer.threading(
            handler -> handler.request.startTls(Contexts.ASKING_SERVER), PeerIdentityTest::greet)) {
      assertEquals("hello CN=alice", greeting(server, Contexts.ALICE, protocol));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatNeedsACertificateRefusesClientsWithoutAndGoesOn(String protocol)
      throws Exception {
    BlockingQueue<Boolean> handled = new ArrayBlockingQueue<>(10);
    try (Reports reports = new Reports()) {
      try (RunningServer server =
          RunningServer.threading(
              handler -> handler.request.startTls(Contexts.ASKING_SERVER),
              handler -> {
                handled.add(true);
                greet(handler);
              })) {
        // nothing of the authority's, and something of another's: Java sends neither
        assertThrows(IOException.class, () -> greeting(server, Contexts.CLIENT, protocol));
        assertThrows(IOException.class, () -> greeting(server, Contexts.MALLORY, protocol));
        assertEquals(0, handled.size(), "a handler ran without a certificate");
        assertEquals("hello CN=alice", greeting(server, Contexts.ALICE, protocol));
      }
      assertEquals(2, reports.lines().size(), reports.lines().toString());
      assertEquals("", reports.printed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatWantsACertificateTakesClientsWithout(String protocol) throws Exception {
    try (RunningServer server =
        RunningServer.threading(
            handler -> handler.request.startTls(Contexts.ASKING_SERVER, wanting()),
            PeerIdentityTest::greet)) {
      assertEquals("hello CN=alice", greeting(server, Contexts.ALICE, protocol));
      assertEquals("hello nobody", greeting(server, Contexts.CLIENT, protocol));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatNeedsACertificateDoesSoWithParametersForSomethingElse(String protocol)
      throws Exception {
    SSLParameters parameters = new SSLParameters();
    parameters.setApplicationProtocols(new String[] {"echo/1"});
    BlockingQueue<Boolean> handled = new ArrayBlockingQueue<>(10);
    try (Reports reports = new Reports()) {
      try (RunningServer server =
          RunningServer.threading(
              handler -> handler.request.startTls(Contexts.ASKING_SERVER, parameters),
              handler -> {
                handled.add(true);
                greet(handler);
              })) {
        assertThrows(IOException.class, () -> greeting(server, Contexts.CLIENT, protocol));
        assertEquals(0, handled.size(), "a handler ran without a certificate");
        assertEquals("hello CN=alice", greeting(server, Contexts.ALICE, protocol));
      }
      assertEquals(1, reports.lines().size(), reports.lines().toString());
    }
  }

  @Test
  void aServersOrderOfCiphersHoldsWithParametersForSomethingElse() throws Exception {
    String[] servers = {
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    };
    String[] clients = {
      "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    };
    SSLParameters parameters = new SSLParameters();
    parameters.setCipherSuites(servers);
    BlockingQueue<String> chosen = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.threading(
                handler -> handler.request.startTls(Contexts.SERVER, parameters),
                handler -> {
                  chosen.add(handler.request.tlsSession().getCipherSuite());
                  greet(handler);
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT, "TLSv1.2")) {
      client.setEnabledCipherSuites(clients);
      Peers.readLine(client);
      String cipher = chosen.poll(SECONDS, TimeUnit.SECONDS);
      assertTrue(cipher != null && cipher.endsWith("_GCM_SHA384"), cipher);
    }
  }

  @Test
  void aServerThatDoesNotAskLearnsNothing() throws Exception {
    try (RunningServer server = RunningServer.tls(PeerIdentityTest::greet)) {
      assertEquals("hello nobody", greeting(server, Contexts.ALICE, "TLSv1.3"));
    }
  }

  @Test
  void aClientSocketShowsItsCertificate() throws Exception {
    try (RunningServer server =
            RunningServer.threading(
                handler -> handler.request.startTls(Contexts.ASKING_SERVER),
                PeerIdentityTest::greet);
        StreamSocket client = StreamSocket.connect(server.address());
        SocketReader reader = client.startTls(Contexts.ALICE).makefileReader(-1)) {
      assertEquals("hello CN=alice\n", new String(reader.readline(), "UTF-8"));
      assertArrayEquals(
          Certificates.chain(Certificates.SERVER).toArray(),
          client.tlsSession().getPeerCertificates());
    }
  }

  @Test
  void aClientSocketThatIsRefusedAfterItsHandshakeFindsOutWhenItReads() throws Exception {
    // in TLS 1.3 the client has done its part before the server looks at its certificate
    try (RunningServer server =
            RunningServer.threading(
                handler -> handler.request.startTls(Contexts.ASKING_SERVER),
                PeerIdentityTest::greet);
        StreamSocket client = StreamSocket.connect(server.address())) {
      assertThrows(
          SSLException.class,
          () -> {
            client.startTls(Contexts.CLIENT);
            client.recv(100);
          });
    }
  }

  // The host's name

  private static RunningServer elsewhere() throws IOException {
    SSLContext context = Contexts.server(Certificates.elsewhere());
    return RunningServer.threading(
        handler -> handler.request.startTls(context), PeerIdentityTest::greet);
  }

  @Test
  void aClientRefusesTheCertificateOfAnotherHost() throws Exception {
    try (RunningServer server = elsewhere();
        StreamSocket client = StreamSocket.connect(server.address())) {
      SSLException e = assertThrows(SSLException.class, () -> client.startTls(Contexts.CLIENT));
      assertTrue(e.getMessage().contains("localhost"), e.getMessage());
      assertThrows(IOException.class, () -> client.sendall("secret"));
    }
  }

  @Test
  void aClientMayNameTheHostItself() throws Exception {
    try (RunningServer server = elsewhere();
        StreamSocket client = StreamSocket.connect(server.address())) {
      client.startTls(Contexts.CLIENT, "elsewhere.example");
      assertEquals("hello nobody\n", new String(client.recv(100), "UTF-8"));
    }
    try (RunningServer server = RunningServer.tls(PeerIdentityTest::greet);
        StreamSocket client = StreamSocket.connect(server.address())) {
      assertThrows(SSLException.class, () -> client.startTls(Contexts.CLIENT, "elsewhere.example"));
    }
  }

  @Test
  void aClientMayConnectToTheAddressOfTheCertificate() throws Exception {
    try (RunningServer server = RunningServer.tls(PeerIdentityTest::greet);
        StreamSocket client =
            StreamSocket.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
      client.startTls(Contexts.CLIENT);
      assertEquals("hello nobody\n", new String(client.recv(100), "UTF-8"));
    }
    try (RunningServer server = elsewhere();
        StreamSocket client =
            StreamSocket.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
      assertThrows(SSLException.class, () -> client.startTls(Contexts.CLIENT));
    }
  }

  @Test
  void aClientWithParametersChecksTheNameToo() throws Exception {
    for (String algorithm : new String[] {null, "HTTPS"}) {
      SSLParameters parameters = protocols(Contexts.CLIENT, "echo/1");
      parameters.setEndpointIdentificationAlgorithm(algorithm);
      try (RunningServer server = elsewhere();
          StreamSocket client = StreamSocket.connect(server.address())) {
        assertThrows(SSLException.class, () -> client.startTls(Contexts.CLIENT, parameters));
      }
    }
  }

  @Test
  void aClientThatSaysSoDoesNotCheckTheName() throws Exception {
    SSLParameters parameters = Contexts.CLIENT.getDefaultSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("");
    try (RunningServer server = elsewhere();
        StreamSocket client = StreamSocket.connect(server.address())) {
      client.startTls(Contexts.CLIENT, parameters);
      assertEquals("hello nobody\n", new String(client.recv(100), "UTF-8"));
    }
  }

  @Test
  void aClientMayGiveParametersAndNameTheHost() throws Exception {
    SSLParameters parameters = Contexts.CLIENT.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.2"});
    try (RunningServer server = elsewhere();
        StreamSocket client = StreamSocket.connect(server.address())) {
      client.startTls(Contexts.CLIENT, parameters, "elsewhere.example");
      assertEquals("TLSv1.2", client.tlsSession().getProtocol());
    }
    try (RunningServer server = elsewhere();
        StreamSocket client = StreamSocket.connect(server.address())) {
      assertThrows(
          SSLException.class, () -> client.startTls(Contexts.CLIENT, parameters, "localhost"));
    }
  }

  @Test
  void aClientAsksForTheHostByName() throws Exception {
    BlockingQueue<String> asked = new ArrayBlockingQueue<>(1);
    SSLContext context = Contexts.server(Certificates.elsewhere());
    try (RunningServer server =
            RunningServer.threading(
                handler -> handler.request.startTls(context),
                handler -> {
                  var session = (ExtendedSSLSession) handler.request.tlsSession();
                  asked.add(session.getRequestedServerNames().toString());
                });
        StreamSocket client = StreamSocket.connect(server.address())) {
      client.startTls(Contexts.CLIENT, "elsewhere.example");
      String names = asked.poll(SECONDS, TimeUnit.SECONDS);
      assertTrue(names != null && names.contains("elsewhere.example"), names);
    }
  }

  // What was agreed on

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theSessionTellsTheVersionAndTheCipher(String protocol) throws Exception {
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  SSLSession session = handler.request.tlsSession();
                  handler.wfile.write(session.getProtocol() + " " + session.getCipherSuite());
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT, protocol)) {
      String answer = Peers.readLine(client);
      assertEquals(protocol + " " + client.getSession().getCipherSuite(), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerMaySpeakOneVersionOnly(String protocol) throws Exception {
    SSLParameters parameters = Contexts.SERVER.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {protocol});
    String other = protocol.equals("TLSv1.2") ? "TLSv1.3" : "TLSv1.2";
    try (RunningServer server =
        RunningServer.threading(
            handler -> handler.request.startTls(Contexts.SERVER, parameters),
            PeerIdentityTest::greet)) {
      assertThrows(IOException.class, () -> greeting(server, Contexts.CLIENT, other));
      assertEquals("hello nobody", greeting(server, Contexts.CLIENT, protocol));
    }
  }

  @Test
  void alpnChoosesAProtocol() throws Exception {
    BlockingQueue<String> chosen = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.threading(
                handler ->
                    handler.request.startTls(
                        Contexts.SERVER, protocols(Contexts.SERVER, "echo/2", "echo/1")),
                handler -> {
                  chosen.add(String.valueOf(handler.request.selectedAlpnProtocol()));
                  RunningServer.echoLines(handler);
                });
        StreamSocket client = StreamSocket.connect(server.address())) {
      client.startTls(Contexts.CLIENT, protocols(Contexts.CLIENT, "echo/0", "echo/1"));
      assertEquals("echo/1", chosen.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals("echo/1", client.selectedAlpnProtocol());
    }
  }

  @Test
  void alpnThatFindsNothingInCommonFails() throws Exception {
    try (RunningServer server =
            RunningServer.threading(
                handler ->
                    handler.request.startTls(Contexts.SERVER, protocols(Contexts.SERVER, "echo/2")),
                RunningServer::echoLines);
        StreamSocket client = StreamSocket.connect(server.address())) {
      assertThrows(
          SSLException.class,
          () -> client.startTls(Contexts.CLIENT, protocols(Contexts.CLIENT, "echo/1")));
    }
  }

  @Test
  void withoutAlpnNoProtocolIsChosen() throws Exception {
    try (RunningServer server =
            RunningServer.tls(
                handler -> handler.wfile.write(handler.request.selectedAlpnProtocol() + "\n"));
        StreamSocket client = StreamSocket.connect(server.address())) {
      assertNull(client.selectedAlpnProtocol());
      client.startTls(Contexts.CLIENT);
      assertEquals("null\n", new String(client.recv(100), "UTF-8"));
      assertNull(client.selectedAlpnProtocol());
    }
  }

  // The session's life

  @Test
  void aPlainConnectionHasNoSession() throws Exception {
    try (RunningServer server =
            RunningServer.plain(
                handler -> handler.wfile.write(handler.request.tlsSession() + "\n"));
        StreamSocket client = StreamSocket.connect(server.address())) {
      assertNull(client.tlsSession());
      assertEquals("null\n", new String(client.recv(100), "UTF-8"));
    }
  }

  @Test
  void aHandlerStillKnowsTheClientAfterTheConnectionIsLost() throws Exception {
    BlockingQueue<String> known = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
        RunningServer.threading(
            handler -> handler.request.startTls(Contexts.ASKING_SERVER),
            handler -> {
              greet(handler);
              try {
                while (handler.rfile.read() >= 0) {
                  continue;
                }
              } catch (IOException e) {
                // lost, as it should be
              }
              // writing is the way to be sure that the channel is gone too
              assertThrows(
                  IOException.class,
                  () -> {
                    for (int i = 0; i < 100_000; i++) {
                      handler.wfile.write("still there?");
                    }
                  });
              SSLSession session = handler.request.tlsSession();
              known.add(session == null ? "no session" : session.getPeerPrincipal().getName());
            })) {
      try (EnginePeer client = EnginePeer.client(server.address(), Contexts.ALICE)) {
        assertEquals("hello CN=alice\n", client.handshake().readLine());
        client.reset();
      }
      assertEquals("CN=alice", known.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void theSessionOutlivesTheSocket() throws Exception {
    try (RunningServer server = RunningServer.tls(PeerIdentityTest::greet)) {
      StreamSocket client = StreamSocket.connect(server.address());
      ChannelPipeline pipeline = Pipelines.of(client);
      try (client) {
        client.startTls(Contexts.CLIENT);
        assertEquals("hello nobody\n", new String(client.recv(100), "UTF-8"));
        assertEquals(0, client.recv(100).length);
      }
      // the event loop closes it behind our back, and takes its handlers away
      Await.until("the pipeline is empty", () -> pipeline.get(SslHandler.class) == null);
      SSLSession session = client.tlsSession();
      assertNotNull(session);
      assertFalse(session.getProtocol().isEmpty());
      assertEquals("CN=localhost", session.getPeerPrincipal().getName());
    }
  }
}
