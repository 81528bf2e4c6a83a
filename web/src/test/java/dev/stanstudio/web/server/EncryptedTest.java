package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.RawRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS of the studio's own, and that of a proxy before it. */
class EncryptedTest {
    private static final String PASSWORD = "correct horse";
    private static final String LOGIN = "password=correct+horse";

    @TempDir Path folder;
    private StudioContext studio;

    @BeforeEach
    void open() {
        StudioHome home = new StudioHome(folder);
        studio =
                new StudioContext(
                        home, Database.open(null, home.databaseFile()), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        studio.database().close();
    }

    private StudioServer serve(@Nullable TlsSettings tls, List<String> proxies) {
        return StudioServer.start(
                new ServerSettings("127.0.0.1", 0, PASSWORD, tls, proxies, false),
                studio,
                List.of());
    }

    /** A certificate that signs itself, made by the JDK's own tool. */
    private KeyStore certificate(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString());
        Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        return store;
    }

    private Path pem(String name, String kind, byte[] bytes) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private Path key(KeyStore store) throws Exception {
        byte[] encoded = store.getKey("a", "changeit".toCharArray()).getEncoded();
        return pem("key.pem", "PRIVATE KEY", encoded);
    }

    @Test
    void theStudioSpeaksHttpsWithACertificate() throws Exception {
        KeyStore store = certificate("own");
        Path open = pem("cert.pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("a", store.getCertificate("a"));
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (StudioServer server = serve(new TlsSettings(open, key(store)), List.of());
                SSLSocket socket =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(
                                                InetAddress.getLoopbackAddress(), server.port())) {
            assertTrue(server.address().startsWith("https://"), server.address());
            OutputStream out = socket.getOutputStream();
            String head =
                    "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type:"
                            + " application/x-www-form-urlencoded\r\nContent-Length: ";
            out.write(
                    (head + LOGIN.length() + "\r\n\r\n" + LOGIN)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 303 "), answer);
            assertTrue(answer.contains("; Secure"), answer);
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedInOneLine() throws Exception {
        Path open =
                pem("cert.pem", "CERTIFICATE", certificate("one").getCertificate("a").getEncoded());
        TlsSettings wrong = new TlsSettings(open, key(certificate("other")));
        UserException refusal = assertThrows(UserException.class, () -> serve(wrong, List.of()));
        assertTrue(refusal.getMessage().contains("the key is another's"), refusal.getMessage());
        TlsSettings none = new TlsSettings(open, open);
        assertTrue(
                assertThrows(UserException.class, () -> serve(none, List.of()))
                        .getMessage()
                        .contains("openssl pkcs8"));
    }

    @Test
    void aDamagedKeyIsNamed() throws Exception {
        Path cert =
                pem("cert.pem", "CERTIFICATE", certificate("own").getCertificate("a").getEncoded());
        for (String body : List.of("AAAAA", "=", "A=B", "AAAA")) {
            Path key =
                    Files.writeString(
                            folder.resolve("damaged.pem"),
                            "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----");
            UserException e =
                    assertThrows(
                            UserException.class,
                            () -> serve(new TlsSettings(cert, key), List.of()),
                            body);
            assertTrue(e.getMessage().startsWith("--tls-key " + key), e.getMessage());
        }
    }

    @Test
    void oneAddressIsOneHoweverItIsWritten() throws Exception {
        RawRequest guess = RawRequest.post("/login", "password=wrong+horse");
        List<String> ways =
                List.of(
                        "2001:db8::1",
                        "[2001:db8::2]:4711",
                        "2001:db8:0:0:5::3",
                        "2001:DB8::4%eth0",
                        "[2001:db8:0:0:0:0:0:6]");
        try (StudioServer server = serve(null, List.of("::FFFF:127.0.0.1"))) {
            for (String way : ways) {
                assertEquals(401, guess.header("X-Forwarded-For", way).send(server).status(), way);
            }
            assertEquals(429, guess.header("X-Forwarded-For", "2001:db8::7").send(server).status());
            for (int port = 1; port <= 5; port++) {
                RawRequest from = guess.header("X-Forwarded-For", "203.0.113.7:" + port);
                assertEquals(401, from.send(server).status());
            }
            assertEquals(429, guess.header("X-Forwarded-For", "203.0.113.7").send(server).status());
        }
        for (String none : List.of("999.1.1.1", "....... ", "::::", "10.0.0.0/8", "proxy", "")) {
            assertThrows(ArgumentException.class, () -> serve(null, List.of(none)), none);
        }
    }

    @Test
    void onlyNamedProxiesAreBelieved() throws Exception {
        RawRequest guess = RawRequest.post("/login", "password=wrong+horse");
        RawRequest right = RawRequest.post("/login", LOGIN).header("X-Forwarded-Proto", "https");
        try (StudioServer server = serve(null, List.of("127.0.0.1"))) {
            for (int i = 0; i < 5; i++) {
                RawRequest from = guess.header("X-Forwarded-For", "9.9.9." + i + ", 203.0.113.7");
                assertEquals(
                        401, from.send(server).status(), "what a client adds counts for nothing");
            }
            assertEquals(429, guess.header("X-Forwarded-For", "203.0.113.7").send(server).status());
            RawRequest.Answer owner = right.header("X-Forwarded-For", "203.0.113.8").send(server);
            assertEquals(303, owner.status(), "others are not locked out");
            assertTrue(owner.header("set-cookie").contains("Secure"), owner.toString());
        }
        try (StudioServer server = serve(null, List.of())) {
            RawRequest.Answer plain = right.send(server);
            assertFalse(plain.header("set-cookie").contains("Secure"), plain.toString());
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        401, guess.header("X-Forwarded-For", "9.9.9." + i).send(server).status());
            }
            assertEquals(429, guess.header("X-Forwarded-For", "9.9.9.9").send(server).status());
        }
    }

    @Test
    void aPasswordOverPlainHttpIsWarnedAbout() throws Exception {
        assertTrue(new ServerSettings("0.0.0.0", 0, PASSWORD).exposed());
        assertThrows(
                ArgumentException.class, () -> new ServerSettings("127.0.0.1", 0, " ".repeat(9)));
        try (StudioServer server = serve(null, List.of())) {
            RawRequest page = RawRequest.get("/login");
            assertTrue(page.host("studio.example").send(server).body().contains("not encrypted"));
            assertFalse(page.send(server).body().contains("not encrypted"));
        }
    }
}
