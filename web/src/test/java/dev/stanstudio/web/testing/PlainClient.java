package dev.stanstudio.web.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One connection of HTTP/1.1 to this machine that costs next to nothing, so that a measurement on
 * the server's own cores is one of the server.
 */
public final class PlainClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private String cookie;

    public record Answer(int status, Map<String, String> headers, String body) {}

    /** A connection that shows {@code cookie}, which may be empty. */
    public PlainClient(int port, String cookie) throws IOException {
        this.cookie = cookie;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 16_384);
    }

    /** The one cookie that the server has set, as it is sent. */
    public String cookie() {
        return cookie;
    }

    /** Forgets the cookie: the next request is somebody else's. */
    public void forget() {
        cookie = "";
    }

    public Answer get(String path) throws IOException {
        return send("GET " + path, "", "");
    }

    public Answer post(String path, Map<String, String> form) throws IOException {
        String body =
                form.entrySet().stream()
                        .map(
                                e ->
                                        e.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return send(
                "POST " + path,
                "Content-Type: application/x-www-form-urlencoded\r\nHX-Request: true\r\n"
                        + ("Content-Length: " + body.length() + "\r\n"),
                body);
    }

    private Answer send(String what, String headers, String body) throws IOException {
        String request =
                what
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n")
                        + headers
                        + "\r\n"
                        + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    private Answer answer() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            headers.put(name, value);
            if (name.equals("set-cookie")) {
                cookie = value.substring(0, value.indexOf(';'));
            }
        }
        return new Answer(
                status, headers, new String(body(status, headers), StandardCharsets.UTF_8));
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        String length = headers.get("content-length");
        if (length != null) {
            return in.readNBytes(Integer.parseInt(length));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            throw new IOException("an answer without a length: " + status + " " + headers);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunk(); size > 0; size = chunk()) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server hung up");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
