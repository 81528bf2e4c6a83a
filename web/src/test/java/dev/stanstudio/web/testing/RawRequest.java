package dev.stanstudio.web.testing;

import dev.stanstudio.web.server.StudioServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One request as its bytes, so that it may say what a well-behaved client would not. */
public record RawRequest(
        String method, String path, String host, Map<String, String> headers, String body) {

    private static final String HOST = "127.0.0.1";

    /** An answer; of headers that came twice the last. */
    public record Answer(int status, Map<String, String> headers, String body) {
        /** A header, empty where there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    public static RawRequest get(String path) {
        return new RawRequest("GET", path, HOST, Map.of(), "");
    }

    /** A form. */
    public static RawRequest post(String path, String body) {
        return new RawRequest("POST", path, HOST, Map.of(), body)
                .header("Content-Type", "application/x-www-form-urlencoded");
    }

    public RawRequest host(String other) {
        return new RawRequest(method, path, other, headers, body);
    }

    public RawRequest header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new RawRequest(method, path, host, more, body);
    }

    public Answer send(StudioServer server) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        text.append("Host: ").append(host).append("\r\nConnection: close\r\n");
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        if (method.equals("POST")) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        text.append("\r\n").append(body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
            return answer(socket.getInputStream());
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        String whole = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int end = whole.indexOf("\r\n\r\n");
        String[] head = whole.substring(0, end).split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            headers.put(
                    head[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    head[i].substring(colon + 1).strip());
        }
        return new Answer(
                Integer.parseInt(head[0].split(" ")[1]), headers, whole.substring(end + 4));
    }
}
