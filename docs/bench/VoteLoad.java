import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Measures how many votes a served studio acknowledges while many people vote. Makes a study in a
 * new home, serves it in a process of its own, kills that half way (kill -9), starts it again, and
 * compares what every voter was told with what the server says that it has of this voter.
 *
 * <pre>java docs/bench/VoteLoad.java ./studio SECONDS VOTERS [JDBC-URL]</pre>
 */
public final class VoteLoad {
    private static final int RATERS = 400;
    private static final int TRIALS = 500;
    private static final int PROMPTS = 170;
    private static final int PAUSE_MILLIS = 20;
    private static final Pattern TICKET = Pattern.compile("name=\"ticket\" value=\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("\"link\":\"([^\"]+)\"");
    private static final Pattern NUMBER = Pattern.compile(">\\s*(\\d+) of " + TRIALS + "\\b");

    private final String studio;
    private final Path home;
    private final String url;
    private final int port;
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean over;

    private VoteLoad(String studio, Path home, String url, int port) {
        this.studio = studio;
        this.home = home;
        this.url = url;
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 3) {
            System.err.println("give: STUDIO SECONDS VOTERS [JDBC-URL]");
            System.exit(2);
        }
        Path home = Files.createTempDirectory("studio-load");
        String url = args.length > 3 ? args[3] : "jdbc:sqlite:" + home.resolve("studio.db");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        new VoteLoad(args[0], home, url, port)
                .run(Duration.ofSeconds(Long.parseLong(args[1])), Integer.parseInt(args[2]));
        System.exit(0);
    }

    private void run(Duration time, int voters) throws Exception {
        String base = createStudy();
        Process server = serve();
        List<Thread> threads = new ArrayList<>();
        for (int v = 0; v < voters; v++) {
            threads.add(new Thread(() -> vote(base)));
        }
        threads.forEach(Thread::start);
        Thread.sleep(time.dividedBy(4).toMillis()); // Java compiles what is used.
        Duration spent = cpu(server);
        int warm = nanos.size();
        long begin = System.nanoTime();
        Thread.sleep(time.dividedBy(4).toMillis());
        int votes = nanos.size() - warm;
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuMillis = cpu(server).minus(spent).toNanos() / 1e6 / votes;
        kill(server);
        server = serve();
        Thread.sleep(time.dividedBy(2).toMillis());
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        report(votes / seconds, cpuMillis, lost(base));
        kill(server);
    }

    private void report(double rate, double cpuMillis, int lost) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalStateException("no vote was acknowledged; give more seconds");
        }
        System.out.printf(
                "%.0f votes/s acknowledged before the kill, %.2f ms of the server's processor time"
                        + " each; p50 %.1f ms, p99 %.1f ms%n",
                rate,
                cpuMillis,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6);
        System.out.printf(
                "acknowledged %d by %d voters, lost %d, refused %d%n",
                sorted.length, acknowledged.size(), lost, refused.get());
    }

    /** Returns the acknowledged votes that the server does not have. */
    private int lost(String base) throws IOException {
        int lost = 0;
        for (Map.Entry<String, AtomicInteger> voter : acknowledged.entrySet()) {
            try (Client client = new Client(port, voter.getKey())) {
                Matcher number = NUMBER.matcher(client.get(base).body());
                int stored = number.find() ? Integer.parseInt(number.group(1)) - 1 : TRIALS;
                lost += Math.max(0, voter.getValue().get() - stored);
            }
        }
        return lost;
    }

    private String createStudy() throws IOException, InterruptedException {
        Path pictures = home.resolve("pictures");
        Random random = new Random(1);
        for (String method : List.of("LowRank", "SparseStan", "Untrained")) {
            Path folder = Files.createDirectories(pictures.resolve(method));
            for (int prompt = 0; prompt < PROMPTS; prompt++) {
                BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
                for (int i = 0; i < 32 * 32; i++) {
                    image.setRGB(i % 32, i / 32, random.nextInt(1 << 24));
                }
                ImageIO.write(image, "png", folder.resolve("boat_" + prompt + ".png").toFile());
            }
        }
        Process create =
                start(
                        List.of(
                                "study",
                                "create",
                                pictures.toString(),
                                "--title=Boats",
                                "--votes=1000000",
                                "--trials=" + TRIALS,
                                "--raters=" + RATERS,
                                "--repeats=0",
                                "--checks=0",
                                "--training=0",
                                "--min-millis=0",
                                "--raters-per-address=0",
                                "--joins-per-minute=100000",
                                "--json",
                                "--db=" + url));
        String printed = new String(create.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher link = LINK.matcher(printed);
        if (create.waitFor() != 0 || !link.find()) {
            throw new IllegalStateException("no study: " + printed);
        }
        return link.group(1);
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(studio));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("STUDIO_HOME", home.toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Starts the server and returns once it has printed its address. */
    private Process serve() throws IOException {
        Process server =
                start(List.of("serve", "--port=" + port, "--workers=0", "--db=" + url));
        String line = server.inputReader().readLine();
        while (line != null && !line.contains("http://")) {
            line = server.inputReader().readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the server ended before it answered");
        }
        return server;
    }

    private static Stream<ProcessHandle> handles(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static Duration cpu(Process process) {
        return handles(process)
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static void kill(Process process) throws InterruptedException {
        handles(process).toList().forEach(ProcessHandle::destroyForcibly);
        process.waitFor(60, TimeUnit.SECONDS);
    }

    /** Votes as one voter after another; a voter continues after the server's restart. */
    private void vote(String base) {
        String cookie = "";
        while (!over) {
            try (Client client = new Client(port, cookie)) {
                while (!over) {
                    boolean finished = voteOn(client, base);
                    cookie = client.cookie;
                    if (finished) {
                        client.cookie = "";
                    }
                }
            } catch (IOException e) {
                pause(); // The server is down and will be started again.
            }
        }
    }

    /** Returns whether this voter has answered every trial. */
    private boolean voteOn(Client client, String base) throws IOException {
        Answer page = client.get(base);
        if (page.body().contains("/join")) {
            client.post(base + "/join", "");
            page = client.get(base);
        }
        Matcher ticket = TICKET.matcher(page.body());
        while (page.status() == 200 && ticket.find() && !over) {
            long begin = System.nanoTime();
            page =
                    client.post(
                            base + "/cast",
                            "choice=1&viewport=800x600%401&ticket=" + ticket.group(1));
            if (page.status() == 200) {
                nanos.add(System.nanoTime() - begin);
                acknowledged
                        .computeIfAbsent(client.cookie, c -> new AtomicInteger())
                        .incrementAndGet();
            } else {
                refused.incrementAndGet();
            }
            ticket = TICKET.matcher(page.body());
        }
        return page.status() == 200 && !over;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Answer(int status, String body) {}

    /**
     * One connection of HTTP/1.1 that takes little processor time, since client and server share
     * the processors.
     */
    private static final class Client implements Closeable {
        private final Socket socket;
        private final InputStream in;
        private String cookie;

        Client(int port, String cookie) throws IOException {
            this.cookie = cookie;
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream(), 16_384);
        }

        Answer get(String path) throws IOException {
            return send("GET " + path, "", "");
        }

        Answer post(String path, String form) throws IOException {
            return send(
                    "POST " + path,
                    "Content-Type: application/x-www-form-urlencoded\r\nHX-Request: true\r\n"
                            + "Content-Length: "
                            + form.length()
                            + "\r\n",
                    form);
        }

        private Answer send(String what, String headers, String body) throws IOException {
            String shown = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
            String request =
                    what + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + shown + headers + "\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            int status = Integer.parseInt(line().split(" ")[1]);
            Map<String, String> answered = new HashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                answered.put(name, value);
                if (name.equals("set-cookie")) {
                    cookie = value.substring(0, value.indexOf(';'));
                }
            }
            return new Answer(status, new String(body(answered), StandardCharsets.UTF_8));
        }

        private byte[] body(Map<String, String> headers) throws IOException {
            String length = headers.get("content-length");
            if (length != null) {
                return in.readNBytes(Integer.parseInt(length));
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
                    throw new EOFException("the server closed the connection");
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
}
