package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketReader;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;

/** Servers and clients against the TLS of others: Python's, curl's and openssl's. */
@Timeout(120)
class TlsProgramsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void writeCertificates() {
    Pem.write(
        folder.resolve("ca.pem"), Pem.certificate(Certificates.AUTHORITY.getRootCertificate()));
    Pem.write(
        folder.resolve("server.pem"),
        Pem.certificates(Certificates.chain(Certificates.SERVER))
            + Pem.pkcs8(Certificates.key(Certificates.SERVER)));
    Pem.write(
        folder.resolve("client.pem"),
        Pem.certificates(Certificates.chain(Certificates.CLIENT))
            + Pem.pkcs8(Certificates.key(Certificates.CLIENT)));
  }

  private static String python(String program, Object... arguments)
      throws IOException, InterruptedException {
    Programs.assumeThereIs("python3");
    String[] command = new String[3 + arguments.length];
    command[0] = "python3";
    command[1] = "-c";
    command[2] = program;
    for (int i = 0; i < arguments.length; i++) {
      command[3 + i] = String.valueOf(arguments[i]);
    }
    return Programs.run(folder, "", command);
  }

  private static void greet(StreamRequestHandler handler) throws IOException {
    var certificates = handler.request.tlsSession().getPeerCertificates();
    var name = ((X509Certificate) certificates[0]).getSubjectX500Principal().getName();
    handler.wfile.write("hello " + name + "\n");
  }

  /** As much SMTP as it takes to come to STARTTLS. */
  private static void smtp(StreamRequestHandler handler) throws IOException {
    handler.wfile.write("220 localhost ready\r\n");
    String line = handler.rfile.readline(StandardCharsets.UTF_8);
    boolean tls = false;
    while (!line.isEmpty() && !command(line).equals("QUIT")) {
      if (command(line).equals("EHLO")) {
        handler.wfile.write("250-localhost\r\n" + (tls ? "" : "250-STARTTLS\r\n") + "250 HELP\r\n");
      } else if (command(line).equals("STARTTLS")) {
        handler.wfile.write("220 go ahead\r\n");
        handler.request.startTls(Contexts.SERVER);
        tls = true;
      } else if (command(line).equals("NOOP")) {
        handler.wfile.write("250 tls is " + (tls ? "on" : "off") + "\r\n");
      } else {
        handler.wfile.write("502 what is " + line.strip() + "?\r\n");
      }
      line = handler.rfile.readline(StandardCharsets.UTF_8);
    }
    handler.wfile.write("221 bye\r\n");
  }

  private static String command(String line) {
    return line.strip().split(" ")[0].toUpperCase(Locale.ROOT);
  }

  private static void http(StreamRequestHandler handler) throws IOException {
    String request = handler.rfile.readline(StandardCharsets.UTF_8);
    String line = request;
    while (!line.isBlank()) {
      line = handler.rfile.readline(StandardCharsets.UTF_8);
    }
    handler.wfile.write("HTTP/1.0 200 OK\r\n\r\n" + request);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1_2", "TLSv1_3"})
  void pythonsClientIsServedAndSeesACleanEnd(String version) throws Exception {
    try (RunningServer server =
        RunningServer.tls(
            handler -> {
              for (int i = 0; i < 3; i++) {
                handler.wfile.write(handler.rfile.readline());
              }
              handler.wfile.write(new byte[100_000]);
            })) {
      String output =
          python(
              """
              import socket, ssl, sys
              context = ssl.create_default_context(cafile="ca.pem")
              context.minimum_version = context.maximum_version = ssl.TLSVersion[sys.argv[2]]
              plain = socket.create_connection(("localhost", int(sys.argv[1])), timeout=30)
              with context.wrap_socket(
                  plain, server_hostname="localhost", suppress_ragged_eofs=False) as tls:
                  print(tls.version())
                  for i in range(3):
                      tls.sendall(b"line %d\\n" % i)
                      print(tls.recv(7))
                  count = 0
                  while True:
                      data = tls.recv(65536)
                      if not data:
                          break
                      count += len(data)
                  print(count)
                  tls.unwrap().close()
                  print("clean")
              """,
              server.port(), version);
      String name = version.replace('_', '.');
      assertEquals(name + "\nb'line 0\\n'\nb'line 1\\n'\nb'line 2\\n'\n100000\nclean\n", output);
    }
  }

  @Test
  void pythonsClientShowsItsCertificate() throws Exception {
    try (RunningServer server =
        RunningServer.threading(
            handler -> handler.request.startTls(Contexts.ASKING_SERVER), TlsProgramsTest::greet)) {
      String output =
          python(
              """
              import socket, ssl, sys
              context = ssl.create_default_context(cafile="ca.pem")
              context.load_cert_chain("client.pem")
              plain = socket.create_connection(("localhost", int(sys.argv[1])), timeout=30)
              with context.wrap_socket(plain, server_hostname="localhost") as tls:
                  print(tls.makefile().readline(), end="")
                  print(tls.getpeercert()["subject"])
              """,
              server.port());
      assertEquals("hello CN=alice\n((('commonName', 'localhost'),),)\n", output);
    }
  }

  @Test
  void pythonsMailClientStartsTls() throws Exception {
    try (RunningServer server = RunningServer.plain(TlsProgramsTest::smtp)) {
      String output =
          python(
              """
              import smtplib, ssl, sys
              mail = smtplib.SMTP("localhost", int(sys.argv[1]), timeout=30)
              print(mail.noop())
              print(mail.starttls(context=ssl.create_default_context(cafile="ca.pem")))
              print(mail.noop())
              print(mail.quit())
              """,
              server.port());
      assertEquals(
          "(250, b'tls is off')\n(220, b'go ahead')\n(250, b'tls is on')\n(221, b'bye')\n", output);
    }
  }

  @Test
  void pythonsServerServesAClientSocketThatShowsItsCertificate() throws Exception {
    Programs.assumeThereIs("python3");
    String program =
        """
        import socketserver, ssl
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile="ca.pem")
        context.load_cert_chain("server.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.set_alpn_protocols(["echo/1"])
        class Handler(socketserver.StreamRequestHandler):
            def setup(self):
                self.request = context.wrap_socket(
                    self.request, server_side=True, suppress_ragged_eofs=False)
                super().setup()
            def handle(self):
                subject = self.request.getpeercert()["subject"][0][0][1]
                self.wfile.write(b"hello %s\\n" % subject.encode())
                for line in self.rfile:
                    self.wfile.write(line)
                print("clean", flush=True)
        with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
            print(server.server_address[1], flush=True)
            server.handle_request()
        """;
    Process process =
        new ProcessBuilder("python3", "-c", program)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      int port = Integer.parseInt(output.readLine());
      var address = new InetSocketAddress("localhost", port);
      try (StreamSocket client = StreamSocket.connect(address, Duration.ofSeconds(30))) {
        var parameters = Contexts.ALICE.getDefaultSSLParameters();
        parameters.setApplicationProtocols(new String[] {"echo/1"});
        client.startTls(Contexts.ALICE, parameters);
        assertEquals("echo/1", client.selectedAlpnProtocol());
        try (SocketReader reader = client.makefileReader(-1)) {
          assertEquals("hello alice\n", reader.readline(StandardCharsets.UTF_8));
          client.sendall("one\n");
          assertEquals("one\n", reader.readline(StandardCharsets.UTF_8));
        }
      }
      // no SSLEOFError: the client's close was a close_notify
      assertEquals("clean", output.readLine());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "python does not end");
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void opensslsClientIsServed(String version) throws Exception {
    Programs.assumeThereIs("openssl");
    try (RunningServer server =
        RunningServer.tls(
            handler -> {
              handler.wfile.write(handler.rfile.readline());
              handler.wfile.write(handler.rfile.readline());
            })) {
      String output =
          Programs.run(
              folder,
              "first\nsecond\n",
              "openssl",
              "s_client",
              "-connect",
              "127.0.0.1:" + server.port(),
              "-CAfile",
              "ca.pem",
              "-verify_return_error",
              "-verify_hostname",
              "localhost",
              "-quiet",
              version);
      assertTrue(output.endsWith("first\nsecond\n"), output);
      assertTrue(!output.contains("error"), output);
    }
  }

  @Test
  void opensslsClientStartsTls() throws Exception {
    Programs.assumeThereIs("openssl");
    try (RunningServer server = RunningServer.plain(TlsProgramsTest::smtp)) {
      String output =
          Programs.run(
              folder,
              "NOOP\r\nQUIT\r\n",
              "openssl",
              "s_client",
              "-starttls",
              "smtp",
              "-connect",
              "127.0.0.1:" + server.port(),
              "-CAfile",
              "ca.pem",
              "-verify_return_error",
              "-quiet",
              "-crlf");
      assertTrue(output.contains("250 tls is on"), output);
      assertTrue(output.contains("221 bye"), output);
    }
  }

  @Test
  void curlIsServed() throws Exception {
    Programs.assumeThereIs("curl");
    try (RunningServer server = RunningServer.tls(TlsProgramsTest::http)) {
      String url = "https://localhost:" + server.port();
      assertEquals(
          "GET /trusted HTTP/1.1\r\n",
          Programs.run(
              folder, "", "curl", "-sS", "-m", "30", "--cacert", "ca.pem", url + "/trusted"));
      assertEquals(
          "GET /anyway HTTP/1.1\r\n",
          Programs.run(folder, "", "curl", "-sSk", "-m", "30", url + "/anyway"));
      assertEquals(
          "GET /old HTTP/1.1\r\n",
          Programs.run(folder, "", "curl", "-sSk", "-m", "30", "--tls-max", "1.2", url + "/old"));
    }
  }

  @Test
  void opensslMayNotRenegotiate() throws Exception {
    Programs.assumeThereIs("openssl");
    try (RunningServer server = RunningServer.tls(RunningServer::echoLines)) {
      String address = "localhost:" + server.port();
      Path output = folder.resolve("renegotiation");
      Process client =
          new ProcessBuilder(
                  "openssl", "s_client", "-tls1_2", "-CAfile", "ca.pem", "-connect", address)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try (OutputStream commands = client.getOutputStream()) {
        commands.write("R\n".getBytes(StandardCharsets.US_ASCII));
        commands.flush();
        // its input stays open: only the server can end it
        assertTrue(client.waitFor(30, TimeUnit.SECONDS), "it goes on");
        assertTrue(Files.readString(output).contains("RENEGOTIATING"), Files.readString(output));
      } finally {
        client.destroyForcibly();
      }
    }
  }
}
