package dev.stanstudio.web.testing;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A page that listens to server-sent events, on a connection and without a thread of its own. */
public final class PlainStream implements Closeable {
    private static final int TIMEOUT_MILLIS = 120_000;

    private final Socket socket;
    private final BufferedReader lines;

    public PlainStream(int port, String path) throws IOException {
        this(port, path, "");
    }

    /**
     * As {@link #PlainStream(int, String)}.
     *
     * @param cookie of a session; empty for none
     */
    public PlainStream(int port, String path, String cookie) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream()
                .write(
                        ("GET "
                                        + path
                                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n")
                                        + "Accept: text/event-stream\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
        lines =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The lines up to the one that contains {@code words}. */
    public List<String> readTo(String words) throws IOException {
        List<String> told = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            told.add(line);
            if (line.contains(words)) {
                return told;
            }
        }
        throw new EOFException("the stream ended before " + words);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
